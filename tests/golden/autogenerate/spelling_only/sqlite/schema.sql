create table if not exists [T] (
    A INT default 1, -- a comment
    `B` text,
    c generated always as (A + 1),
    check ("b" <> '')
);
create index if not exists "I" on t(`a`);
