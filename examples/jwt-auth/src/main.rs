//! A service with passwords and tokens on limbeck's sample schema: it brings its database to the
//! newest revision, then listens.
//!
//! `config` reads what was asked for, `migrations` upgrades, `store` is all the SQL there is,
//! `passwords` and `tokens` the cryptography, `routes` the endpoints, `server` puts them together.

mod clock;
mod config;
mod email;
mod error;
mod grant;
mod guard;
mod hs256;
mod migrations;
mod openapi;
mod passwords;
mod random;
mod routes;
mod server;
mod store;
mod terminal;
mod tokens;

use std::process::ExitCode;

use clap::Parser as _;

use crate::config::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let res = match &options.command {
        None => server::run(&options),
        Some(Command::Grant { email, role }) => grant::run(&options, email, role),
    };
    match res {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&*error);
            ExitCode::FAILURE
        }
    }
}
