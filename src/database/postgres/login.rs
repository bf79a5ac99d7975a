//! The login to a PostgreSQL server.

#![expect(clippy::wildcard_enum_match_arm, reason = "most kinds of messages are never an answer")]

use std::collections::HashMap;
use std::io;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{
    self, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, ScramSha256,
};
use postgres_protocol::message::backend::{AuthenticationSaslBody, Message};
use postgres_protocol::message::frontend;

use crate::database::Notice;
use crate::database::postgres::fault::ServerError;
use crate::database::postgres::wire::Wire;
use crate::database::reach::{Failure, Target};
use crate::url::{ChannelBinding, ConnectSettings, ServerUrl};

/// Errors that pass: starting up or shutting down; no connection left.
const PASSING: [&str; 2] = ["57P03", "53300"];

pub(super) struct Login<'a> {
    pub(super) url: &'a ServerUrl,
    pub(super) settings: &'a ConnectSettings,
    pub(super) user: &'a str,
    pub(super) target: &'a Target,
    /// The channel binding: a digest of the server's certificate.
    pub(super) end_point: Option<Vec<u8>>,
}

/// The facts that a server reports about itself and the session.
#[derive(Default)]
pub(super) struct Session {
    pub(super) parameters: HashMap<String, String>,
    pub(super) notices: Vec<Notice>,
    /// The session's number, and the secret that cancels its statements.
    pub(super) key: (i32, i32),
    /// Whether the password itself was sent, rather than a proof of it.
    pub(super) sent_password: bool,
}

impl Session {
    /// Handles an asynchronous message; returns any other.
    pub(super) fn take(&mut self, message: Message) -> io::Result<Option<Message>> {
        match message {
            Message::ParameterStatus(body) => {
                self.parameters.insert(body.name()?.to_owned(), body.value()?.to_owned());
            }
            Message::BackendKeyData(body) => self.key = (body.process_id(), body.secret_key()),
            Message::NoticeResponse(body) => {
                self.notices.push(ServerError::read(body.fields())?.notice());
            }
            Message::NotificationResponse(_) => {}
            message => return Ok(Some(message)),
        }
        Ok(None)
    }
}

impl Login<'_> {
    /// Sends the startup message.
    pub(super) fn begin(&self, wire: &mut Wire) -> Result<(), Failure> {
        let name = self.settings.application_name.as_deref().unwrap_or("migrate");
        let mut wanted =
            vec![("client_encoding", "UTF8"), ("user", self.user), ("application_name", name)];
        wanted.extend(self.url.database.as_deref().map(|it| ("database", it)));
        wanted.extend(self.settings.options.as_deref().map(|it| ("options", it)));
        self.send(wire, |buffer| frontend::startup_message(wanted, buffer))
    }

    /// Authenticates, and receives the server's parameters.
    pub(super) fn finish(&self, wire: &mut Wire) -> Result<Session, Failure> {
        let mut session = Session::default();
        match self.next(wire)? {
            Message::AuthenticationOk => self.unbound()?,
            Message::AuthenticationCleartextPassword => {
                self.unbound()?;
                session.sent_password = true;
                self.prove(wire, self.password()?)?;
            }
            Message::AuthenticationMd5Password(body) => {
                self.unbound()?;
                let proof = md5_hash(self.user.as_bytes(), self.password()?, body.salt());
                self.prove(wire, proof.as_bytes())?;
            }
            Message::AuthenticationSasl(body) => self.scram(wire, &body)?,
            Message::AuthenticationKerberosV5
            | Message::AuthenticationScmCredential
            | Message::AuthenticationGss
            | Message::AuthenticationSspi => {
                return Err(unproved("unsupported authentication method"));
            }
            _ => return Err(foreign()),
        }
        loop {
            match session.take(self.next(wire)?).map_err(|_| foreign())? {
                Some(Message::ReadyForQuery(_)) => return Ok(session),
                Some(_) => return Err(foreign()),
                None => {}
            }
        }
    }

    /// Sends a password or digest, which the server has to accept.
    fn prove(&self, wire: &mut Wire, proof: &[u8]) -> Result<(), Failure> {
        self.send(wire, |buffer| frontend::password_message(proof, buffer))?;
        self.accepted(wire)
    }

    /// Proves knowledge of the password, and has the server prove its own.
    fn scram(&self, wire: &mut Wire, body: &AuthenticationSaslBody) -> Result<(), Failure> {
        let password = self.password()?;
        let offered: Vec<&str> = body.mechanisms().collect().map_err(|_| foreign())?;
        let can_bind = self.settings.channel_binding != ChannelBinding::Disable;
        let end_point = self.end_point.clone().filter(|_| can_bind);
        let (mechanism, binding) = match end_point {
            Some(end_point) if offered.contains(&SCRAM_SHA_256_PLUS) => {
                (SCRAM_SHA_256_PLUS, sasl::ChannelBinding::tls_server_end_point(end_point))
            }
            Some(_) => (SCRAM_SHA_256, sasl::ChannelBinding::unrequested()),
            None => (SCRAM_SHA_256, sasl::ChannelBinding::unsupported()),
        };
        if !offered.iter().any(|it| [SCRAM_SHA_256, SCRAM_SHA_256_PLUS].contains(it)) {
            return Err(unproved("unsupported SASL mechanism"));
        }
        if mechanism != SCRAM_SHA_256_PLUS {
            self.unbound()?;
        }
        let mut scram = ScramSha256::new(password, binding);
        self.send(wire, |buffer| {
            frontend::sasl_initial_response(mechanism, scram.message(), buffer)
        })?;
        let Message::AuthenticationSaslContinue(body) = self.next(wire)? else {
            return Err(foreign());
        };
        scram.update(body.data()).map_err(|error| unproved(&error.to_string()))?;
        self.send(wire, |buffer| frontend::sasl_response(scram.message(), buffer))?;
        let Message::AuthenticationSaslFinal(body) = self.next(wire)? else {
            return Err(foreign());
        };
        scram.finish(body.data()).map_err(|error| unproved(&error.to_string()))?;
        self.accepted(wire)
    }

    fn accepted(&self, wire: &mut Wire) -> Result<(), Failure> {
        match self.next(wire)? {
            Message::AuthenticationOk => Ok(()),
            _ => Err(foreign()),
        }
    }

    fn password(&self) -> Result<&[u8], Failure> {
        let password = self.url.password.as_ref().map(|it| it.expose().as_bytes());
        password.ok_or_else(|| Failure::refused("the server wants a password"))
    }

    /// Checks that a login without channel binding is acceptable.
    fn unbound(&self) -> Result<(), Failure> {
        match self.settings.channel_binding {
            ChannelBinding::Require => Err(unproved("server did not use channel binding")),
            ChannelBinding::Disable | ChannelBinding::Prefer => Ok(()),
        }
    }

    fn send(
        &self,
        wire: &mut Wire,
        write: impl FnOnce(&mut BytesMut) -> io::Result<()>,
    ) -> Result<(), Failure> {
        wire.put(write).map_err(|error| Failure::refused(unsent(&error)))?;
        wire.flush().map_err(|error| self.lost(&error))
    }

    fn next(&self, wire: &mut Wire) -> Result<Message, Failure> {
        match wire.receive().map_err(|error| self.lost(&error))? {
            Message::ErrorResponse(body) => {
                Err(ServerError::read(body.fields()).map_or_else(|_| foreign(), refusal))
            }
            message => Ok(message),
        }
    }

    fn lost(&self, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::InvalidInput {
            foreign()
        } else {
            self.target.unreachable(error)
        }
    }
}

/// Makes the failure for a server that refuses the session, for now or for good.
fn refusal(error: ServerError) -> Failure {
    let more = error.detail.or(error.hint).map(|it| format!(" ({it})"));
    let reason = format!("{}{}", error.message, more.unwrap_or_default());
    if PASSING.contains(&error.code.as_str()) {
        Failure::Unreachable(reason)
    } else {
        Failure::Refused { reason, code: Some(error.code) }
    }
}

fn unproved(cause: &str) -> Failure {
    Failure::refused(format!("authentication error: {cause}"))
}

/// Makes the failure for a listener that is no PostgreSQL server.
pub(super) fn foreign() -> Failure {
    Failure::refused("what answers there doesn't speak PostgreSQL's protocol")
}

/// Makes the reason for a message that can't be sent.
pub(super) fn unsent(error: &io::Error) -> String {
    format!("error encoding message to server: {error}")
}
