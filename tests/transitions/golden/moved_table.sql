-- up

-- Create schema shop
CREATE SCHEMA shop;

-- Move table item to schema shop
ALTER TABLE public.item SET SCHEMA shop;

-- down

-- Move table shop.item to schema public
ALTER TABLE shop.item SET SCHEMA public;

-- Drop schema shop
DROP SCHEMA shop;
