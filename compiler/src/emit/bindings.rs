//! The names of the user as items that nothing runs: an editor shows what they hold and leads each use to its
//! definition, and rustc says at the token what is never used.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::ir::hash::Map;
use crate::network::{Binding, BindingKind};

/// A field for each variable, a constant for each constant, a function for each block; a closure that uses them where
/// the user does; and a variable that nobody reads for each that is not used.
pub(super) fn emit(bindings: &[Binding]) -> TokenStream {
    if bindings.is_empty() {
        return TokenStream::new();
    }
    let ranks = ranks(bindings);
    let groups: Vec<Group> = (0..ranks.iter().max().map_or(0, |most| most + 1)).map(Group::new).collect();
    let fields = groups.iter().map(|group| {
        let members =
            bindings.iter().zip(&ranks).filter(|(binding, rank)| **rank == group.rank && is_variable(binding));
        let members = members.map(|(binding, _)| field(binding));
        let name = &group.name;
        quote!(struct #name { #(#members,)* })
    });
    let items = bindings.iter().map(item);
    let uses = bindings.iter().zip(&ranks).flat_map(|(binding, rank)| uses(binding, &groups[*rank]));
    let arguments = groups.iter().map(|Group { name, value, .. }| quote!(#value: &#name));
    let warnings = bindings.iter().map(warning);
    quote! {
        const _: () = {
            #(#fields)*
            #(#items)*
            let _ = |#(#arguments),*| (#(#uses,)*);
        };
        const _: () = { #(#warnings)* };
    }
}

/// Variables with different names.
struct Group {
    rank: usize,
    name: Ident,
    value: Ident,
}

impl Group {
    fn new(rank: usize) -> Self {
        let name = if rank == 0 { format_ident!("Values") } else { format_ident!("Values{rank}") };
        Self { rank, name, value: Ident::new(&format!("values{rank}"), Span::mixed_site()) }
    }
}

/// For each binding, how many of the same name come before it.
fn ranks(bindings: &[Binding]) -> Vec<usize> {
    let mut seen: Map<String, usize> = Map::default();
    let rank = |binding: &Binding| {
        let count = seen.entry(binding.name.to_string()).or_default();
        *count += 1;
        *count - 1
    };
    bindings.iter().map(rank).collect()
}

fn is_variable(binding: &Binding) -> bool {
    binding.kind == BindingKind::Variable
}

/// The name where the user defines it. One that the lints for names would refuse is a macro's: users name as they like.
fn definition(binding: &Binding) -> Ident {
    let mut name = binding.name.clone();
    let text = name.to_string();
    let is_usual = match binding.kind {
        BindingKind::Constant => !text.chars().any(char::is_lowercase),
        _ => !text.chars().any(char::is_uppercase) && !text.contains("__"),
    };
    if !is_usual {
        name.set_span(name.span().resolved_at(Span::call_site()));
    }
    name
}

fn doc(binding: &Binding) -> TokenStream {
    let shown = &binding.shown;
    if shown.is_empty() { TokenStream::new() } else { quote!(#[doc = #shown]) }
}

fn field(binding: &Binding) -> TokenStream {
    let (doc, name) = (doc(binding), definition(binding));
    quote!(#doc #name: ())
}

/// A block or constant; one that is not used is the user's own as a whole, for rustc to warn at its name.
fn item(binding: &Binding) -> TokenStream {
    let (doc, place) = (doc(binding), Span::call_site());
    let (name, place) = match binding.is_unused {
        true => (binding.name.clone(), place.resolved_at(binding.name.span())),
        false => (definition(binding), place),
    };
    match binding.kind {
        BindingKind::Variable => TokenStream::new(),
        BindingKind::Constant => quote_spanned!(place=> #doc const #name: () = ();),
        BindingKind::Block => quote_spanned!(place=> #doc fn #name() {}),
    }
}

fn uses(binding: &Binding, group: &Group) -> Vec<TokenStream> {
    let one = |span: &Span| {
        let (mut name, value) = (binding.name.clone(), &group.value);
        name.set_span(*span);
        if is_variable(binding) { quote!(#value.#name) } else { quote!(#name) }
    };
    binding.uses.iter().map(one).collect()
}

fn warning(binding: &Binding) -> TokenStream {
    let name = &binding.name;
    match binding.needless_mut {
        _ if !is_variable(binding) => TokenStream::new(),
        _ if binding.is_unused => quote!(let #name = ::core::marker::PhantomData::<()>;),
        Some(span) => {
            let mutability = syn::token::Mut { span };
            quote!(let #mutability #name = ::core::marker::PhantomData::<()>; let _ = #name;)
        }
        None => TokenStream::new(),
    }
}
