"""The comparison of the web survey with a bare form, on a small scale: real servers, a few respondents."""

from benchmarks.__main__ import main


def test_a_small_run_stores_every_response(capsys):
    arguments = [
        "--databases",
        "sqlite",
        "--rounds",
        "1",
        "--respondents",
        "4",
        "--long",
        "2",
        "--seconds",
        "0.2",
        "--clients",
        "2",
    ]
    assert main(["web-survey", *arguments]) == 0
    table = capsys.readouterr().out
    for target in ("five questions on one page: product", "ten questions, one a page: product"):
        assert f"| {target} |" in table
    assert table.count("| bare form |") == 2
    assert "times LimeSurvey's responses per CPU second" in table
