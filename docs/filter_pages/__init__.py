"""The pages of docs/filters, one a filter, made by docs/make_filters.py from the filters themselves."""
