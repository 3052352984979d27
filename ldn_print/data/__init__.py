"""Tables of facts: languages, scripts and countries of care."""
