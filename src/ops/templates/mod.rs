//! The projects that `init` can write, built into the program.
//!
//! A sample project exists once for each family of databases: the same revisions in the family's
//! SQL. SQLite's is at the root of the repository, the others are beside this file. The
//! configuration is the same for all.

use crate::url::Family;

/// A project template of `init`.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// The name of the template.
    pub name: &'static str,
    /// The description in one line.
    pub synopsis: &'static str,
    pub(crate) config: &'static str,
    /// Samples for each family; none for an empty project.
    samples: Option<Samples>,
}

/// Sample scripts and the schema that they make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) schema: &'static str,
    /// The scripts by name and text.
    pub(crate) versions: &'static [(&'static str, &'static str)],
}

/// A sample in each family's dialect.
#[derive(Debug, Clone, Copy)]
struct Samples {
    sqlite: Sample,
    postgres: Sample,
    mysql: Sample,
}

impl Template {
    /// Returns the sample for databases of this family, if the template has one.
    pub(crate) fn sample(&self, family: Family) -> Option<Sample> {
        self.samples.map(|samples| match family {
            Family::Sqlite => samples.sqlite,
            Family::Postgres => samples.postgres,
            Family::Mysql => samples.mysql,
        })
    }
}

/// Embeds a schema and pairs of scripts from a folder.
macro_rules! sample {
    ($folder:literal: $($stem:literal),* $(,)?) => {
        Sample {
            schema: include_str!(concat!($folder, "/schema.sql")),
            versions: &[$(
                (
                    concat!($stem, ".up.sql"),
                    include_str!(concat!($folder, "/versions/", $stem, ".up.sql")),
                ),
                (
                    concat!($stem, ".down.sql"),
                    include_str!(concat!($folder, "/versions/", $stem, ".down.sql")),
                ),
            )*],
        }
    };
}

/// Embeds the sample `jwt-auth`, whose scripts have the same names in each dialect.
macro_rules! jwt_auth {
    ($folder:literal) => {
        sample! {
            $folder:
            "20260105_090000_3e6093e7bbdc_create_users_table",
            "20260107_103000_912bfc77a9e9_create_roles_and_user_roles",
            "20260108_140500_ab782ebbbf71_create_signing_keys",
            "20260112_081500_644b0badb019_create_refresh_tokens",
            "20260113_113000_c83f0c5906a7_seed_default_roles",
            "20260114_160000_fa2c62c3e1f9_create_revoked_access_tokens",
            "20260116_090000_af34d6865650_merge_roles_and_tokens",
            "20260120_134500_bb4ce9ecd7f7_add_sign_in_guards",
        }
    };
}

/// All templates, sorted by name.
pub const TEMPLATES: [Template; 2] = [
    Template {
        name: "generic",
        synopsis: "A configuration and an empty versions folder.",
        config: include_str!("generic.toml"),
        samples: None,
    },
    Template {
        name: "jwt-auth",
        synopsis: "Users, roles, refresh tokens and signing keys for JWT authentication.",
        config: include_str!("../../../migrate.toml"),
        samples: Some(Samples {
            sqlite: jwt_auth!("../../.."),
            postgres: jwt_auth!("postgres"),
            mysql: jwt_auth!("mysql"),
        }),
    },
];
