-- up

-- Rename sequence numbers to counter
ALTER SEQUENCE public.numbers RENAME TO counter;

-- Rename function twice(integer) to doubled
ALTER FUNCTION public.twice(integer) RENAME TO doubled;

-- Rename procedure work() to toil
ALTER PROCEDURE public.work() RENAME TO toil;

-- down

-- Rename sequence counter to numbers
ALTER SEQUENCE public.counter RENAME TO numbers;

-- Rename function doubled(integer) to twice
ALTER FUNCTION public.doubled(integer) RENAME TO twice;

-- Rename procedure toil() to work
ALTER PROCEDURE public.toil() RENAME TO work;
