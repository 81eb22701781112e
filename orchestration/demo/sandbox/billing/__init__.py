"""What Stripe Billing does by itself: periods, invoices, discounts, taxes, payments, retries."""
