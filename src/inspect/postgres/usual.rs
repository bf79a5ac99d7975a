//! Names that the server makes up.

/// The bytes that the server keeps of a name.
const LONGEST: usize = 63;

/// Returns the name of the constraint by which a column of a table, or a domain, refuses NULL, if nobody
/// gave it another one: `users_email_not_null`. What is too long is cut, the longer part first.
pub(crate) fn usual_name(owner: &str, column: Option<&str>) -> String {
    const ENDING: &str = "_not_null";
    let column = column.unwrap_or_default();
    let dash = if column.is_empty() { "" } else { "_" };
    let room = LONGEST - ENDING.len() - dash.len();
    let (mut first, mut second) = (owner.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    [cut(owner, first), dash, cut(column, second), ENDING].concat()
}

/// Cuts a text between two characters.
fn cut(text: &str, mut end: usize) -> &str {
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_as_the_server_does() {
        assert_eq!(usual_name("t", Some("a")), "t_a_not_null");
        assert_eq!(usual_name("d", None), "d_not_null");
        let long = "a".repeat(63);
        assert_eq!(usual_name(&long, None), format!("{}_not_null", "a".repeat(54)));
        let both = format!("{}_{}_not_null", "a".repeat(27), "b".repeat(26));
        assert_eq!(usual_name(&long, Some(&"b".repeat(40))), both);
        let cut = format!("{}_{}_not_null", "a".repeat(43), "b".repeat(10));
        assert_eq!(usual_name(&long, Some(&"b".repeat(10))), cut);
        assert_eq!(
            usual_name("t", Some(&"é".repeat(31))),
            format!("t_{}_not_null", "é".repeat(26))
        );
    }
}
