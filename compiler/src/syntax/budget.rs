//! The grammar of `budget { ram = 64 KiB, batch = 1 }`.

use syn::parse::{Error, Parse, ParseStream, Result};
use syn::{Ident, LitInt, Token, braced};

use super::ast::{Budget, Limit, Resource};
use super::extent::Extent;

/// The largest batch, so that sizes stay far from overflow.
const MOST_ROWS: usize = 1 << 24;

const KEYS: &str = "`ram`, `train_ram`, `flash` and `batch`";

impl Parse for Budget {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let keyword: Ident = input.parse()?;
        let content;
        braced!(content in input);
        let mut budget = Self { keyword: keyword.span(), batch: None, limits: Vec::new() };
        while !content.is_empty() {
            entry(&content, &mut budget)?;
            if !content.is_empty() {
                content.parse::<Token![,]>().map_err(|error| Error::new(error.span(), "expected `,`"))?;
            }
        }
        if budget.limits.is_empty() {
            return Err(Error::new(keyword.span(), "a budget limits something: `ram`, `train_ram` or `flash`"));
        }
        Ok(budget)
    }
}

fn entry(input: ParseStream<'_>, budget: &mut Budget) -> Result<()> {
    let key: Ident = input.parse().map_err(|error| Error::new(error.span(), format!("a budget has {KEYS}")))?;
    let resource = match key.to_string().as_str() {
        "ram" => Some(Resource::Ram),
        "train_ram" => Some(Resource::TrainRam),
        "flash" => Some(Resource::Flash),
        "batch" => None,
        _ => return Err(Error::new(key.span(), format!("a budget has no `{key}`: it has {KEYS}"))),
    };
    let is_known = match resource {
        Some(resource) => budget.limits.iter().any(|limit| limit.resource == resource),
        None => budget.batch.is_some(),
    };
    if is_known {
        return Err(Error::new(key.span(), format!("`{key}` is given twice")));
    }
    input.parse::<Token![=]>()?;
    match resource {
        Some(resource) => budget.limits.push(limit(input, key, resource)?),
        None => budget.batch = Some(batch(input)?),
    }
    Ok(())
}

fn batch(input: ParseStream<'_>) -> Result<usize> {
    let number = integer(input, "a batch is a whole number, such as `batch = 32`")?;
    if !number.suffix().is_empty() {
        return Err(Error::new(number.span(), "a batch has no unit"));
    }
    match number.base10_parse() {
        Ok(0) => Err(Error::new(number.span(), "a batch has at least one row")),
        Ok(batch) if batch <= MOST_ROWS => Ok(batch),
        _ => Err(Error::new(number.span(), "this batch is too large")),
    }
}

fn limit(input: ParseStream<'_>, key: Ident, resource: Resource) -> Result<Limit> {
    let number = integer(input, "a size is a whole number with its unit, such as `64 KiB`")?;
    let (unit, factor) = unit(input, &number)?;
    let count: Option<usize> = number.base10_parse().ok();
    let bytes = count.and_then(|count| count.checked_mul(factor));
    let extent = Extent { start: number.span(), end: unit.span() };
    match bytes {
        Some(0) => Err(Error::new(number.span(), format!("`{key}` of nothing leaves no room"))),
        Some(bytes) => Ok(Limit { resource, key, bytes, factor, unit: unit.to_string(), extent }),
        None => Err(Error::new(number.span(), "this size is too large")),
    }
}

fn integer(input: ParseStream<'_>, expected: &str) -> Result<LitInt> {
    input.parse().map_err(|error| Error::new(error.span(), expected))
}

/// The unit and its bytes; it may be glued to the number.
fn unit(input: ParseStream<'_>, number: &LitInt) -> Result<(Ident, usize)> {
    let units = "`B`, `KB`, `KiB`, `MB` or `MiB`";
    let unit = match number.suffix() {
        "" if !input.peek(Ident) => {
            return Err(Error::new(number.span(), format!("this size needs a unit: {units}")));
        }
        "" => input.parse()?,
        suffix => syn::parse_str::<Ident>(suffix).map(|unit| Ident::new(&unit.to_string(), number.span()))?,
    };
    let factor = match unit.to_string().as_str() {
        "B" => 1,
        "KB" => 1_000,
        "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" => 1 << 20,
        _ => return Err(Error::new(unit.span(), format!("there is no unit `{unit}`: a size is in {units}"))),
    };
    Ok((unit, factor))
}
