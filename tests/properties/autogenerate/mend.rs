//! What makes a drawn schema one that SQLite takes: what hangs in the air goes.

use super::model::{Key, Model, Piece, Table};

impl Model {
    /// Takes away what SQLite refuses.
    pub(super) fn mend(&mut self) {
        self.tables.iter_mut().for_each(mend_table);
        self.drop_loose_keys();
        let tables = self.tables.clone();
        let resolves = |piece: &Piece| match piece {
            Piece::Text(_) | Piece::View(_) => true,
            Piece::Table(key) => tables.iter().any(|it| it.key == *key),
            Piece::Column(table, key) => {
                tables.iter().any(|it| it.key == *table && it.column(*key).is_some())
            }
        };
        self.indexes.retain(|it| {
            let known = tables.iter().any(|table| table.key == it.table);
            known && it.parts.iter().flatten().chain(&it.filter).all(resolves)
        });
        let mut views: Vec<Key> = Vec::new();
        self.views.retain(|it| {
            let known = it.body.iter().all(|piece| match piece {
                Piece::View(key) => views.contains(key),
                other => resolves(other),
            });
            views.extend(known.then_some(it.key));
            known
        });
        self.triggers.retain(|it| {
            it.head.iter().chain(&it.body).all(|piece| match piece {
                Piece::View(key) => views.contains(key),
                other => resolves(other),
            })
        });
    }

    /// Drops foreign keys to what isn't the key of a table.
    fn drop_loose_keys(&mut self) {
        let parents = self.tables.clone();
        for table in &mut self.tables {
            let own = table.clone();
            table.foreign_keys.retain_mut(|key| {
                let Some(parent) = parents.iter().find(|it| it.key == key.table) else {
                    return false;
                };
                let primary = parent.primary_key.as_ref();
                let is_primary = primary.is_some_and(|it| {
                    it.columns.iter().map(|(key, _)| *key).eq(key.target.iter().copied())
                        && it.columns.iter().all(|(_, suffix)| !suffix.contains("COLLATE"))
                });
                key.explicit |= !is_primary;
                let is_plain = |table: &Table, key: &Key| {
                    table.column(*key).is_some_and(|it| it.generated.is_none())
                };
                let is_unique = parent.uniques.iter().any(|it| it.columns == key.target);
                (is_primary || is_unique)
                    && key.target.iter().all(|it| is_plain(parent, it))
                    && key.columns.len() == key.target.len()
                    && key.columns.iter().all(|it| is_plain(&own, it))
            });
        }
    }
}

fn mend_table(table: &mut Table) {
    let plain: Vec<Key> =
        table.columns.iter().filter(|it| it.generated.is_none()).map(|it| it.key).collect();
    if plain.is_empty() {
        table.columns[0].generated = None;
    }
    let plain: Vec<Key> =
        table.columns.iter().filter(|it| it.generated.is_none()).map(|it| it.key).collect();
    for column in &mut table.columns {
        if let Some((pieces, _)) = &column.generated {
            let known = pieces.iter().all(|piece| match piece {
                Piece::Column(_, key) => plain.contains(key),
                _ => true,
            });
            if !known {
                column.generated = None;
            }
        }
        if column.generated.is_some() {
            (column.default, column.backfill) = ("", "");
        }
        if !column.not_null {
            column.conflict = "";
        }
        if table.strict {
            let is_known =
                ["ANY", "INTEGER", "TEXT", "INT", "REAL", "BLOB"].contains(&column.declared);
            if !is_known || column.generated.is_some() {
                column.declared = "ANY";
            }
            let takes_it = match column.backfill {
                "'full'" => ["ANY", "TEXT"].contains(&column.declared),
                _ => column.declared != "BLOB",
            };
            if !takes_it {
                column.backfill = "";
            }
        }
    }
    mend_keys(table);
    // No text is a rowid.
    let rowid = table.rowid_column();
    for column in table.columns.iter_mut().filter(|it| Some(it.key) == rowid) {
        column.backfill = if column.backfill == "9" { "9" } else { "" };
    }
    let known: Vec<Key> = table.columns.iter().map(|it| it.key).collect();
    table.checks.retain(|it| {
        it.expression.iter().all(|piece| match piece {
            Piece::Column(_, key) => known.contains(key),
            _ => true,
        })
    });
}

fn mend_keys(table: &mut Table) {
    let columns = table.columns.clone();
    let find = |key: Key| columns.iter().find(|it| it.key == key);
    if let Some(key) = &mut table.primary_key {
        let mut seen = Vec::new();
        key.columns.retain(|(it, _)| {
            let is_new = !seen.contains(it);
            seen.push(*it);
            is_new && find(*it).is_some_and(|it| it.generated.is_none())
        });
        let is_integer = key.columns.len() == 1
            && find(key.columns[0].0).is_some_and(|it| it.declared == "INTEGER");
        if is_integer {
            key.columns[0].1 = "";
        }
        key.autoincrement &= is_integer && !table.without_rowid && key.columns.len() == 1;
        if key.columns.is_empty() {
            table.primary_key = None;
        }
    }
    table.without_rowid &= table.primary_key.is_some();
    let primary = table.primary_key.iter();
    let mut seen: Vec<Vec<Key>> =
        primary.map(|it| sorted(it.columns.iter().map(|it| it.0))).collect();
    table.uniques.retain(|it| {
        let all = sorted(it.columns.iter().copied());
        let has_twice = all.windows(2).any(|pair| pair[0] == pair[1]);
        let fits = !seen.contains(&all) && !has_twice && all.iter().all(|it| find(*it).is_some());
        seen.push(all);
        fits
    });
}

fn sorted(keys: impl Iterator<Item = Key>) -> Vec<Key> {
    let mut res: Vec<Key> = keys.collect();
    res.sort_unstable();
    res
}
