"""Subscriptions on Stripe: the inbox of its events, and what they change for a tenant."""
