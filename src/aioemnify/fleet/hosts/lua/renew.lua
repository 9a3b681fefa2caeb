-- Renew what the prelude renews: the worker and its claims.
return done({'renewed'})
