//! Names of parameters: a tree of scopes that grows in order of evaluation and is named when it is complete.

use crate::ir::hash::{Map, Set};

/// A scope or parameter of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NodeId(usize);

struct Node {
    parent: Option<NodeId>,
    kind: String,
    given: Option<String>,
    parameters: usize,
    is_leaf: bool,
}

/// The tree of scopes.
pub struct Names {
    nodes: Vec<Node>,
    open: Vec<NodeId>,
}

/// A moment in the growth of the tree.
#[derive(Clone, Copy)]
pub struct Mark(usize);

impl Default for Names {
    fn default() -> Self {
        let root = Node { parent: None, kind: String::new(), given: None, parameters: 0, is_leaf: false };
        Self { nodes: vec![root], open: vec![NodeId(0)] }
    }
}

impl Names {
    /// The innermost scope.
    pub fn current(&self) -> NodeId {
        self.open.last().copied().unwrap_or(NodeId(0))
    }

    fn push(&mut self, kind: &str, given: Option<String>, is_leaf: bool) -> NodeId {
        let parent = Some(self.current());
        self.nodes.push(Node { parent, kind: kind.to_owned(), given, parameters: 0, is_leaf });
        NodeId(self.nodes.len() - 1)
    }

    /// Opens a scope within the current one.
    pub fn open(&mut self, kind: &str, given: Option<String>) -> NodeId {
        let scope = self.push(kind, given, false);
        self.open.push(scope);
        scope
    }

    /// Closes the current scope.
    pub fn close(&mut self) {
        if self.open.len() > 1 {
            self.open.pop();
        }
    }

    /// Adds a parameter to the current scope.
    pub fn parameter(&mut self, leaf: &str, given: Option<String>) -> NodeId {
        let id = self.push(leaf, given, true);
        let mut ancestor = Some(id);
        while let Some(NodeId(index)) = ancestor {
            self.nodes[index].parameters += 1;
            ancestor = self.nodes[index].parent;
        }
        id
    }

    /// Remembers this moment, before an initialiser.
    pub fn mark(&self) -> Mark {
        Mark(self.nodes.len())
    }

    /// Gives the binding's name to the one scope that was opened since, or to the one parameter if there is no scope.
    pub fn bind(&mut self, since: Mark, binding: &str) {
        let current = self.current();
        let nodes = &self.nodes;
        let made = |is_leaf: bool| -> Vec<usize> {
            let is_child = |node: &Node| node.parent == Some(current) && node.parameters > 0 && node.is_leaf == is_leaf;
            (since.0..nodes.len()).filter(|index| is_child(&nodes[*index])).collect()
        };
        let (scopes, leaves) = (made(false), made(true));
        let one = match (&scopes[..], &leaves[..]) {
            ([scope], _) => *scope,
            ([], [leaf]) => *leaf,
            _ => return,
        };
        self.nodes[one].given.get_or_insert_with(|| binding.to_owned());
    }

    /// The dotted names of all nodes; those without parameters have their kind.
    pub fn resolve(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::with_capacity(self.nodes.len());
        let mut taken = Taken::default();
        for node in &self.nodes {
            let wished = node.given.as_ref().unwrap_or(&node.kind);
            let Some(NodeId(parent)) = node.parent else {
                names.push(String::new());
                continue;
            };
            if node.parameters == 0 {
                names.push(node.kind.clone());
                continue;
            }
            let scope = names[parent].clone();
            let dotted = if scope.is_empty() { wished.clone() } else { format!("{scope}.{wished}") };
            names.push(taken.free(dotted));
        }
        names
    }

    /// The dotted name of a node, once resolved.
    pub fn name_of<'n>(&self, resolved: &'n [String], node: NodeId) -> &'n str {
        &resolved[node.0]
    }
}

/// Names that are taken.
#[derive(Default)]
struct Taken {
    names: Set<String>,
    /// For names that were wished more than once, the count that is tried next.
    counts: Map<String, usize>,
}

impl Taken {
    /// The name, or else with the first count that makes it free; it is then taken.
    fn free(&mut self, wished: String) -> String {
        if self.names.insert(wished.clone()) {
            return wished;
        }
        let count = self.counts.entry(wished.clone()).or_insert(1);
        loop {
            let counted = format!("{wished}_{count}");
            *count += 1;
            if self.names.insert(counted.clone()) {
                return counted;
            }
        }
    }
}

impl Names {
    /// Whether a node lies under another.
    pub fn is_under(&self, node: NodeId, ancestor: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(NodeId(index)) = at {
            if index == ancestor.0 {
                return true;
            }
            at = self.nodes[index].parent;
        }
        false
    }
}
