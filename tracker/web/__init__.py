"""Flask: a request becomes one query or one verb, the result a page or a redirect. One folder a journey."""
