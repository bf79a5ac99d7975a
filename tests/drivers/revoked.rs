//! Lists of revoked certificates, and whom they keep out: libpq, and us.

use std::fs;

use servers::Postgres;

use crate::certificates::{Office, cells, part};
use crate::{open, refusal};

/// The server's certificate, the authority, the file of lists, and libpq's verdicts for `verify-ca` with
/// those lists and without.
const VERDICTS: &str = "
    plain       root      nothing    yes yes
    plain       root      numbered   yes yes
    plain       root      plain      no  yes
    plain       root      replaced   no  yes
    alt         root      plain      yes yes
    plain       root      old        no  yes
    plain       root      forged     no  yes
    plain       root      self       no  yes
    plain       root-keys nothing    no  yes
    self        self      self       yes yes
    self        self      nothing    no  yes
    below-sent  root      nothing    no  yes
    below-sent  root      all        yes yes
    below-sent  root      middle     no  yes
";

/// Has authorities write lists of what they have revoked.
fn write_lists(office: &Office) {
    let config = "[ca]\ndefault_ca = here\n[here]\ndatabase = index\ndefault_md = sha256\n\
                  default_crl_days = 30\n";
    let numbered = "crlnumber = number\ncrl_extensions = extensions\n[extensions]\n\
                    authorityKeyIdentifier = keyid:always\n";
    fs::write(office.path("plain.cnf"), config).unwrap();
    fs::write(office.path("numbered.cnf"), format!("{config}{numbered}")).unwrap();
    fs::write(office.path("number"), "01\n").unwrap();
    let list = |name: &str, authority: &str, revoked: &[&str], how: &str| {
        fs::write(office.path("index"), "").unwrap();
        let kind = if name == "numbered" { "numbered" } else { "plain" };
        let by = format!("ca -config {kind}.cnf -keyfile {authority}.key -cert {authority}.crt");
        for certificate in revoked {
            office.openssl(&format!("{by} -revoke {certificate}.crt"));
        }
        office.openssl(&format!("{by} -gencrl -out {name}.crl {how}"));
    };
    let past = "-crl_lastupdate 20200101000000Z -crl_nextupdate";
    list("nothing", "root", &[], "");
    list("numbered", "root", &[], "");
    list("plain", "root", &["plain"], "");
    list("old", "root", &[], &format!("{past} 20200201000000Z"));
    list("before", "root", &[], &format!("{past} 20400101000000Z"));
    list("forged", "wrong", &[], "");
    list("self", "self", &[], "");
    list("of-middle", "middle", &[], "");
    list("without-below", "middle", &["below"], "");
    for (name, parts) in [
        ("replaced", ["before", "plain"]),
        ("all", ["nothing", "of-middle"]),
        ("middle", ["nothing", "without-below"]),
    ] {
        let read = |part: &str| fs::read(office.path(&format!("{part}.crl"))).unwrap();
        fs::write(office.path(&format!("{name}.crl")), parts.map(read).concat()).unwrap();
    }
    let keys = "basicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign\n";
    office.grant("root", "root-keys", "-days 3650 -signkey root.key", keys);
}

#[test]
fn libpq_and_we_refuse_what_is_revoked() {
    let Some(mut server) = Postgres::start() else { return };
    let office = Office::new();
    write_lists(&office);
    let mut faults = Vec::new();
    for (certificate, cells) in cells(VERDICTS) {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let database = server.database();
        for [root, list, with, without] in cells {
            let root_file = part(&office.path(&format!("{root}.crt")));
            let parameters =
                format!("sslmode=verify-ca&hostaddr=127.0.0.1&sslrootcert={root_file}");
            let list_file = part(&office.path(&format!("{list}.crl")));
            for (more, wanted) in [(format!("&sslcrl={list_file}"), with), (String::new(), without)]
            {
                let url = database.url_on("localhost", &format!("{parameters}{more}"));
                let psql = if servers::psql_reaches(&url) { "yes" } else { "no" };
                let ours =
                    open(&url).map_or_else(|error| format!("no: {error}"), |_| "yes".to_owned());
                if psql != wanted || ours.split(':').next() != Some(wanted) {
                    faults.push(format!(
                        "{certificate} {root} {list}: {wanted}; psql {psql}, ours {ours}"
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_a_list_keeps_out_is_told_why() {
    let Some(mut server) = Postgres::start() else { return };
    let office = Office::new();
    write_lists(&office);
    fs::write(office.path("empty.crl"), "").unwrap();
    for (certificate, root, list, words) in [
        ("plain", "root", "plain", "the certificate `CN=localhost` has been revoked"),
        ("plain", "root", "self", "no revocation list of `CN=root.example`"),
        ("plain", "root", "old", "isn't valid now"),
        ("plain", "root", "forged", "isn't by `CN=root.example`"),
        ("plain", "root-keys", "nothing", "may not revoke certificates"),
        ("plain", "root", "empty", "there is no list of revoked certificates in"),
        ("plain", "root", "nowhere", "can't read"),
    ] {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let root = part(&office.path(&format!("{root}.crt")));
        let list = part(&office.path(&format!("{list}.crl")));
        let parameters =
            format!("sslmode=verify-ca&hostaddr=127.0.0.1&sslrootcert={root}&sslcrl={list}");
        let reason = refusal(&server.database().url_on("localhost", &parameters));
        assert!(reason.contains(words), "{list}: {reason}");
    }
}
