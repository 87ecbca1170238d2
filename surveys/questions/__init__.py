"""The types of question: one class each, in a registry checked at start-up."""
