-- up

-- Rename enum mood to feeling
ALTER TYPE public.mood RENAME TO feeling;

-- Rename domain title to heading
ALTER DOMAIN public.title RENAME TO heading;

-- Rename composite type pair to couple
ALTER TYPE public.pair RENAME TO couple;

-- Rename range type span to stretch
ALTER TYPE public.span RENAME TO stretch;

-- Rename constraint title_check of heading to heading_check
ALTER DOMAIN public.heading RENAME CONSTRAINT title_check TO heading_check;

-- down

-- Rename enum feeling to mood
ALTER TYPE public.feeling RENAME TO mood;

-- Rename domain heading to title
ALTER DOMAIN public.heading RENAME TO title;

-- Rename composite type couple to pair
ALTER TYPE public.couple RENAME TO pair;

-- Rename range type stretch to span
ALTER TYPE public.stretch RENAME TO span;

-- Rename constraint heading_check of title to title_check
ALTER DOMAIN public.title RENAME CONSTRAINT heading_check TO title_check;
