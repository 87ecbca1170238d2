"""Each indicator with its method: the formula, where it was published, and which data it is made of."""

from dataclasses import dataclass

from satisfaction import indicators
from satisfaction.indicators import MEAN, NPS, SHARE, SURVEY_INDICATORS

#: What a figure is counted from; the words are those of templates/satisfaction/indicators.html.
ANSWERS, CONTACTS, BOTH, REGISTER, REGISTER_AND_CONTACTS, SCREENING = (
    "answers", "contacts", "answers-and-contacts", "register", "register-and-contacts", "screening",
)  # fmt: skip
SOURCES = {
    "wilson_design": (
        "Cochran (1977), Sampling Techniques, eqs. 5.51 and 5.53",
        "Wilson (1927), JASA 22:209",
        "Korn & Graubard (1998), Survey Methodology 24:193",
    ),
    "t_design": ("Cochran (1977), Sampling Techniques, eqs. 5.1, 5.6 and 5.12",),
    "nps_adjusted_wald": ("Cochran (1977), Sampling Techniques, eq. 5.1", "Rocks (2016), Am. Stat. 70:365"),
    "garwood": ("Garwood (1936), Biometrika 28:437", "Spiegelhalter (2005), Stat. Med. 24:1185"),
    "wilson": ("Wilson (1927), JASA 22:209", "Newcombe (1998), Stat. Med. 17:857, method 3"),
    "square_and_add": ("Newcombe (1998), Stat. Med. 17:873, method 10",),
    "kaplan_meier": ("Kaplan & Meier (1958), JASA 53:457",),
    "aalen_johansen": ("Aalen & Johansen (1978), Scand. J. Stat. 5:141",),
}
FORMULAS = {
    "wilson_design": "Σ (Nₕ ÷ N) × pₕ ; (p + z² ÷ 2n* ± z √(p(1 − p) ÷ n* + z² ÷ 4n*²)) ÷ (1 + z² ÷ n*)",
    "t_design": "Σ (Nₕ ÷ N) × mₕ ± t × √( Σ (Nₕ ÷ N)² × (1 − nₕ ÷ Nₕ) × sₕ² ÷ nₕ )",
    "nps_adjusted_wald": "100 × Σ (Nₕ ÷ N) × (pₕ − dₕ)",
    "garwood": "1000 × x ÷ N ; χ²(0,025; 2x) ÷ 2 … χ²(0,975; 2x + 2) ÷ 2",
    "wilson": "x ÷ n ; (p + z² ÷ 2n ± z √(p(1 − p) ÷ n + z² ÷ 4n²)) ÷ (1 + z² ÷ n)",
    "square_and_add": "p₁ − p₂ ; √((p₁ − l₁)² + (u₂ − p₂)²), √((u₁ − p₁)² + (p₂ − l₂)²)",
    "kaplan_meier": "S(t) = Π (1 − dₜ ÷ rₜ)",
    "aalen_johansen": "min t : Σ Sₜ₋₁ × aₜ ÷ rₜ ≥ ½",
}
_BY_UNIT = {SHARE: "wilson_design", MEAN: "t_design", NPS: "nps_adjusted_wald"}


@dataclass(frozen=True)
class Entry:
    """One line of the list of indicators; ``method`` is the usual one, a figure may use its variant for a place."""

    indicator: str
    unit: str
    method: str
    data: str
    weighting: str = "none"

    @property
    def formula(self) -> str:
        return FORMULAS[self.method]

    @property
    def sources(self) -> tuple[str, ...]:
        return SOURCES[self.method]


ENTRIES = (
    *(Entry(each.code, each.unit, _BY_UNIT[each.unit], ANSWERS, "design") for each in SURVEY_INDICATORS),
    Entry(indicators.NOT_REPEATED, SHARE, "wilson", CONTACTS),
    Entry(indicators.SOLVED_GAP, indicators.POINTS, "square_and_add", BOTH),
    Entry(indicators.COMPLAINTS, indicators.RATE, "garwood", REGISTER_AND_CONTACTS),
    Entry(indicators.COMPLAINTS_FROM_SURVEYS, SHARE, "wilson", SCREENING),
    Entry(indicators.CAPTURE_INDEX, SHARE, "wilson", SCREENING),
    Entry(indicators.IN_TIME, SHARE, "wilson", REGISTER),
    Entry(indicators.PROMISES_KEPT, SHARE, "wilson", REGISTER),
    Entry(indicators.TIME_TO_ANSWER, indicators.DAYS, "aalen_johansen", REGISTER),
    *(Entry(code, SHARE, "kaplan_meier", REGISTER) for code in indicators.OPEN_AFTER),
    Entry(indicators.APPEALS, SHARE, "wilson", REGISTER),
    Entry(indicators.OVERTURNED, SHARE, "wilson", REGISTER),
)
