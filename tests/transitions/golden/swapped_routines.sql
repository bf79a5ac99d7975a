-- up

-- Rename function f(integer) to _migrate_old_f
ALTER FUNCTION public.f(integer) RENAME TO _migrate_old_f;

-- Rename function g(integer) to f
ALTER FUNCTION public.g(integer) RENAME TO f;

-- Rename function _migrate_old_f(integer) to g
ALTER FUNCTION public._migrate_old_f(integer) RENAME TO g;

-- Rename function x() to _migrate_old_x
ALTER FUNCTION public.x() RENAME TO _migrate_old_x;

-- Rename function y() to x
ALTER FUNCTION public.y() RENAME TO x;

-- Rename function _migrate_old_x() to y
ALTER FUNCTION public._migrate_old_x() RENAME TO y;

-- down

-- Rename function f(integer) to _migrate_old_f
ALTER FUNCTION public.f(integer) RENAME TO _migrate_old_f;

-- Rename function g(integer) to f
ALTER FUNCTION public.g(integer) RENAME TO f;

-- Rename function _migrate_old_f(integer) to g
ALTER FUNCTION public._migrate_old_f(integer) RENAME TO g;

-- Rename function x() to _migrate_old_x
ALTER FUNCTION public.x() RENAME TO _migrate_old_x;

-- Rename function y() to x
ALTER FUNCTION public.y() RENAME TO x;

-- Rename function _migrate_old_x() to y
ALTER FUNCTION public._migrate_old_x() RENAME TO y;
