"""What a question may measure of the service: the themes a satisfaction standard asks about."""

THEMES = (
    "access",
    "taking_charge",
    "handling",
    "conclusion",
    "complaint_handling",
    "appeal_handling",
    "overall",
)
