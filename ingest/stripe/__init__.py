"""Stripe as a source: lists, events and webhooks become typed object versions."""
