//! Rules of a script that existing rows may violate.

use crate::autogenerate::script::Step;
use crate::catalog::Id;

/// A rule that becomes stricter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tightening {
    /// The changes to which the rule may be attached; the first that exists is used.
    pub(crate) ids: Vec<Id>,
    /// The stricter rule, in words.
    pub(crate) what: String,
    /// The query for the rows that don't fit, if one can be written.
    pub(crate) query: Option<String>,
    /// A remedy against violations.
    pub(crate) help: Option<&'static str>,
    /// Whether a value to fill in implies the rule.
    pub(crate) is_told: bool,
}

impl Tightening {
    /// Finds the step that introduces the rule.
    pub(crate) fn step<'s>(&self, steps: &'s mut [Step]) -> Option<&'s mut Step> {
        // What is dropped and made again is served twice.
        let serves = |id: &Id| steps.iter().rposition(|step| step.serves.contains(id));
        let table = self.ids.last().and_then(Id::own_table);
        let is_near = |step: &Step| step.serves.iter().any(|id| id.own_table() == table);
        let at = self.ids.iter().find_map(serves).or_else(|| steps.iter().position(is_near))?;
        steps.get_mut(at)
    }

    /// Returns the comment above the statement.
    pub(crate) fn comment(&self) -> String {
        let query = self.query.as_ref().map(|it| format!(". To find them: {it}"));
        format!("Fails if rows don't fit: {}{}", self.what, query.unwrap_or_default())
    }

    pub(crate) fn warning(&self) -> String {
        let help = self.help.map(|help| format!("; {help}")).unwrap_or_default();
        let query = self.query.as_ref().map(|it| format!("; `{it}` finds them"));
        format!("fails if rows don't fit: {}{}{help}", self.what, query.unwrap_or_default())
    }
}
