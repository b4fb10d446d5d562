"""A run's Arrow tables come in, plain JSON-able dicts for the pages go out: counts, joins, sorts and medians, no analysis, no markup."""
