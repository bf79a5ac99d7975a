//! Certificates for a server on this machine, an authority that vouches for it, and a wrong one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Writes `ca.pem`, `wrong-ca.pem`, and `server.pem` for `localhost` and `127.0.0.1` with its
/// `server.key`.
pub(crate) fn write(folder: &Path) {
    let authority = authority("limbeck test authority");
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let key = KeyPair::generate().unwrap();
    let mut params = params(names.to_vec(), "localhost");
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, &authority).unwrap();
    fs::write(folder.join("server.pem"), certificate.pem()).unwrap();
    let file = folder.join("server.key");
    fs::write(&file, key.serialize_pem()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
    // Of the same name, so that only the signature tells.
    let wrong = self::authority("limbeck test authority");
    fs::write(folder.join("wrong-ca.pem"), wrong.pem()).unwrap();
}

/// Puts another certificate and key in the place of the server's, whose owner they keep.
pub(crate) fn replace(folder: &Path, certificate: &Path, key: &Path) {
    for (from, to) in [(certificate, "server.pem"), (key, "server.key")] {
        fs::write(folder.join(to), fs::read(from).unwrap()).unwrap();
    }
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = params(Vec::new(), name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Returns what a certificate says, valid whatever the clock says.
fn params(names: Vec<String>, common: &str) -> CertificateParams {
    let mut res = CertificateParams::new(names).unwrap();
    res.distinguished_name.push(DnType::CommonName, common);
    res.not_before = rcgen::date_time_ymd(2000, 1, 1);
    res.not_after = rcgen::date_time_ymd(2999, 1, 1);
    res
}
