"""Questionnaires in the formats of others: SurveyJS both ways; LimeSurvey and XLSForm in."""
