--
-- PostgreSQL database dump
--

\restrict aBcD0123

-- Dumped from database version 17.6
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

\unrestrict aBcD0123
