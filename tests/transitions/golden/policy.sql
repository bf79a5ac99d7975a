-- up

-- Change policy p on t: USING (owner = CURRENT_USER) becomes (owner = SESSION_USER), WITH CHECK none becomes (team > 0)
ALTER POLICY p ON public.t USING ((owner = SESSION_USER)) WITH CHECK ((team > 0));

-- down

-- Drop policy p on t: it is made anew below
DROP POLICY p ON public.t;

-- Create policy p on t
CREATE POLICY p ON public.t USING ((owner = CURRENT_USER));
