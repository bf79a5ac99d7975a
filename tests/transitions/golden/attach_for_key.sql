-- up

-- Drop constraint r_x_fkey of r: it is made anew below
ALTER TABLE public.r DROP CONSTRAINT r_x_fkey;

-- Attach table x as a partition
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: the rows of x are FOR VALUES FROM (1) TO (10). To find them: SELECT * FROM public.x WHERE (id >= 1 AND id < 10) IS NOT TRUE
ALTER TABLE public.t ATTACH PARTITION public.x FOR VALUES FROM (1) TO (10);

-- Add constraint r_x_fkey to r
--   locks r, t against writes while all of r is read
-- Fails if rows don't fit: r (x) has to refer to t. To find them: SELECT * FROM public.r AS _child WHERE _child.x IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.t AS _parent WHERE _parent.id = _child.x)
ALTER TABLE public.r ADD CONSTRAINT r_x_fkey FOREIGN KEY (x) REFERENCES public.t(id);

-- down

-- Drop constraint r_x_fkey of r: it is made anew below
ALTER TABLE public.r DROP CONSTRAINT r_x_fkey;

-- Detach table x from public.t
ALTER TABLE public.t DETACH PARTITION public.x;

-- Add constraint r_x_fkey to r
--   locks r, x against writes while all of r is read
-- Fails if rows don't fit: r (x) has to refer to x. To find them: SELECT * FROM public.r AS _child WHERE _child.x IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.x AS _parent WHERE _parent.id = _child.x)
ALTER TABLE public.r ADD CONSTRAINT r_x_fkey FOREIGN KEY (x) REFERENCES public.x(id);
