//! A loop over statements that differ in offsets alone.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

/// The loop and what it counts with.
pub(super) struct Rolled {
    times: usize,
    /// Whether an offset follows from the number of the round.
    counts: bool,
    /// Offsets that follow no line, round by round.
    tables: Vec<Vec<usize>>,
}

impl Rolled {
    pub fn new(times: usize) -> Self {
        Self { times, counts: false, tables: Vec::new() }
    }

    /// An offset whose value in each round is given.
    pub fn offset(&mut self, values: Vec<usize>) -> TokenStream {
        if let Some(line) = line(&values) {
            self.counts |= values[1] != values[0];
            return line;
        }
        let table = self.tables.iter().position(|known| *known == values).unwrap_or_else(|| {
            self.tables.push(values);
            self.tables.len() - 1
        });
        name(table).into_token_stream()
    }

    /// The loop around its body.
    pub fn around(&self, body: &TokenStream) -> TokenStream {
        let times = Literal::usize_unsuffixed(self.times);
        let round = if self.counts { quote!(round) } else { quote!(_) };
        if self.tables.is_empty() {
            return quote!(for #round in 0..#times { #body });
        }
        let (names, columns) = ((0..self.tables.len()).map(name), Literal::usize_unsuffixed(self.tables.len()));
        let rows = (0..self.times).map(|round| {
            let offsets = self.tables.iter().map(|table| Literal::usize_unsuffixed(table[round]));
            quote!([#(#offsets),*])
        });
        quote! {{
            static OFFSETS: [[usize; #columns]; #times] = [#(#rows),*];
            for (#round, &[#(#names),*]) in OFFSETS.iter().enumerate() { #body }
        }}
    }
}

fn name(table: usize) -> Ident {
    format_ident!("offset_{table}")
}

/// The values as a line over the rounds, if they lie on one.
fn line(values: &[usize]) -> Option<TokenStream> {
    let (first, step) = (values[0], values[1].abs_diff(values[0]));
    let (falls, stays) = (values[1] < first, step == 0);
    let at = |round: usize| if falls { first.checked_sub(round * step) } else { Some(first + round * step) };
    if (0..values.len()).any(|round| at(round) != Some(values[round])) {
        return None;
    }
    let [first, factor] = [first, step].map(Literal::usize_unsuffixed);
    let rest = if step == 1 { quote!(round) } else { quote!(round * #factor) };
    Some(match (falls, stays) {
        (_, true) => quote!(#first),
        (true, _) => quote!(#first - #rest),
        (false, _) => quote!(#first + #rest),
    })
}
