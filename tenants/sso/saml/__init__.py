"""Sign-in through SAML 2.0, as a service provider of each tenant's own."""
