//! Messages on their way to the server, and their answers, in order.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio_postgres::{AsyncMessage, SimpleQueryStream};

use crate::database::postgres::Postgres;
use crate::database::postgres::answer::{Answer, Fault};
use crate::database::postgres::connect::Link;
use crate::database::postgres::fault;
use crate::database::{Notice, Pipeline, Stopped};
use crate::sql::{Dialect, inline_data};

/// The answer to a message as it comes in, or why it was not sent.
type Coming = Result<Pin<Box<SimpleQueryStream>>, Fault>;

/// A message that is not answered yet.
pub(super) struct Posted {
    statements: Vec<String>,
    coming: Coming,
}

impl Pipeline for Postgres {
    fn post(&mut self, statements: Vec<String>) {
        let coming = self.dispatch(&fault::join(&statements));
        self.posted.push_back(Posted { statements, coming });
    }

    fn receive(&mut self) -> Option<Result<(), Stopped>> {
        let Posted { statements, coming } = self.posted.pop_front()?;
        let answer = self.take_answer(coming, false);
        Some(self.conclude(&statements, answer).map(drop))
    }
}

impl Postgres {
    /// Sends a message, and works until the server is ready for the next.
    pub(super) fn ask(&mut self, text: &str, keep: bool) -> Answer {
        let Some((command, data)) = inline_data(text, Dialect::Postgres) else {
            let coming = self.dispatch(text);
            return self.take_answer(coming, keep);
        };
        self.watch.offer(data);
        let coming = self.dispatch(command);
        let answer = self.take_answer(coming, keep);
        self.watch.withdraw();
        answer
    }

    /// Has the connection send a message as soon as it works.
    fn dispatch(&mut self, text: &str) -> Coming {
        if let Some(reason) = &self.lost {
            return Err(Fault::Lost(reason.clone()));
        }
        let sent = self.runtime.block_on(self.client.simple_query_raw(text));
        sent.map(Box::pin).map_err(|error| {
            let fault = if error.is_closed() { Fault::Lost } else { Fault::Unsent };
            fault(fault::chain(&error))
        })
    }

    /// Works until a message is answered, the oldest of those that are not.
    fn take_answer(&mut self, coming: Coming, keep: bool) -> Answer {
        let mut answer = Answer::default();
        let Self { runtime, link, lost, watch, notices, held, .. } = self;
        match coming {
            Ok(mut stream) => runtime.block_on(poll_fn(|context| {
                loop {
                    let mut is_idle = true;
                    while let Poll::Ready(item) = stream.as_mut().poll_next(context) {
                        let Some(item) = item else { return Poll::Ready(()) };
                        if answer.take(item, keep, watch) {
                            return Poll::Ready(());
                        }
                        is_idle = false;
                    }
                    // Its end was not among what came before them, so they are about this message.
                    notices.append(held);
                    match hear(link, lost, context) {
                        Poll::Ready(notice) => held.extend(notice),
                        Poll::Pending if is_idle => return Poll::Pending,
                        Poll::Pending => {}
                    }
                }
            })),
            Err(fault) => answer.error = Some(fault),
        }
        self.settle(&mut answer);
        answer
    }

    /// Draws the conclusions of an answer that ended the connection.
    fn settle(&mut self, answer: &mut Answer) {
        match &mut answer.error {
            Some(Fault::Lost(reason)) => {
                // The server's farewell tells more than that the connection is closed.
                if let Some(known) = &self.lost {
                    reason.clone_from(known);
                }
                let reason = reason.clone();
                self.lose(reason);
            }
            Some(Fault::Copy) if self.watch.takes_data() => {
                self.lose("it waited for the data of a COPY".to_owned());
            }
            Some(Fault::Server(_) | Fault::Copy | Fault::Unsent(_)) | None => {}
        }
    }
}

/// Lets the connection read and write what it can, up to something that the server says in passing.
fn hear(
    link: &mut Option<Link>,
    lost: &mut Option<String>,
    context: &mut Context<'_>,
) -> Poll<Option<Notice>> {
    let Some(connection) = link else { return Poll::Pending };
    let reason = match connection.poll_message(context) {
        Poll::Ready(Some(Ok(AsyncMessage::Notice(error)))) => {
            return Poll::Ready(Some(fault::notice(&error)));
        }
        Poll::Ready(Some(Ok(_))) => return Poll::Ready(None),
        Poll::Ready(Some(Err(error))) => fault::chain(&error),
        Poll::Ready(None) => "the server closed it".to_owned(),
        Poll::Pending => return Poll::Pending,
    };
    lost.get_or_insert(reason);
    *link = None;
    Poll::Ready(None)
}
