"""Quotes: made from a deal's line items, put on paper, sent, accepted or declined."""
