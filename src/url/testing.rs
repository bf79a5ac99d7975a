//! Helpers of this module's tests: the URL of a server, and its settings.

use crate::url::{ConnectSettings, DatabaseUrl, ServerUrl, TlsMode, UrlError};

pub(crate) fn server(text: &str) -> ServerUrl {
    match DatabaseUrl::parse(text) {
        Ok(DatabaseUrl::Server(server)) => server,
        other => panic!("{text}: {other:?}"),
    }
}

pub(crate) fn settings_of(scheme: &str, query: &str) -> Result<ConnectSettings, UrlError> {
    server(&format!("{scheme}://u:s3cr3t@h/d?{query}")).settings()
}

pub(crate) fn tls(scheme: &str, query: &str) -> (TlsMode, bool) {
    let settings = settings_of(scheme, query).unwrap();
    (settings.tls, settings.is_tls_explicit)
}

/// Returns the files of certificates: the authority's, the client's, and its key.
pub(crate) fn files(settings: &ConnectSettings) -> [&str; 3] {
    [&settings.root_cert, &settings.client_cert, &settings.client_key]
        .map(|file| file.as_ref().unwrap().to_str().unwrap())
}

#[track_caller]
pub(crate) fn refused(scheme: &str, query: &str, expected: &str) {
    let error = settings_of(scheme, query).unwrap_err();
    assert_eq!(error.to_string(), expected, "{query}");
    assert!(!format!("{error:?}").contains("s3cr3t"));
}
