//! Static values: what is evaluated while the network is built. Claims are `assert!`s of the language itself.

use crate::support::{messages, network};

const HEAD: &str = "
    struct N;
    const TWICE = twice(BASE);
    const BASE = 3;
    const WIDTHS = [8, 4 * TWICE, BASE];
    fn twice(n) { n * 2 }
    fn thrice(n) { n + twice(n) }
    fn power(base, exponent) { if exponent == 0 { 1 } else { base * power(base, exponent - 1) } }
    fn map(list, f) { let mut out = []; for item in list { out += [f(item)]; } out }
    fn defaults(a, b = a * 2, c = a + b) { (a, b, c) }
    fn forward(x: [4], image: [2, 3, 5]) -> [4] {
";

fn body(text: &str) -> Vec<String> {
    messages(&format!("{HEAD}{text}\nx }}"))
}

/// Claims that hold.
fn check(claims: &[&str]) {
    for claim in claims {
        assert_eq!(body(&format!("assert!({claim});")), Vec::<String>::new(), "{claim}");
    }
}

/// Statements in front of claims that hold.
fn check_after(statements: &str, claims: &[&str]) {
    for claim in claims {
        assert_eq!(body(&format!("{statements} assert!({claim});")), Vec::<String>::new(), "{claim}");
    }
}

#[test]
fn numbers_have_arithmetic_and_order() {
    check(&[
        "7 / 2 == 3 && 7 % 3 == 1 && -7 + 10 == 3",
        "7.0 / 2 == 3.5 && 1 - 0.5 == 0.5 && 2 * 1.5 == 3",
        "1 < 2 && 2 <= 2 && 3 > 2.5 && 3 >= 3 && 1 != 2 && 1 == 1.0",
        "5.5 % 2 == 1.5",
        "!(1 > 2) && !false || 1 / 0 == 1",
        "min(3, 2) == 2 && max(3, 2.5) == 3 && max([1, 7, 3]) == 7 && sum([1, 2, 3]) == 6",
        "sqrt(16) == 4 && floor(2.7) == 2 && ceil(2.1) == 3 && round(2.5) == 3 && abs(-3) == 3",
        "int(2.9) == 2 && float(2) / 4 == 0.5 && pow(2, 10) == 1024 && pow(2.0, 0.5) == sqrt(2)",
    ]);
}

#[test]
fn lists_tuples_and_ranges_are_indexed_joined_and_compared() {
    check(&[
        "[1, 2, 3][0] == 1 && [1, 2, 3][-1] == 3 && (1, 2.5).1 == 2.5 && ((1, 2), 3).0.1 == 2",
        "len([1, 2]) == 2 && len(0..4) == 4 && len(0..=4) == 5 && len([0; 3]) == 3 && [1, 2].len() == 2",
        "(0..3) == [0, 1, 2] && range(1, 3) == [1, 2] && len(3..1) == 0",
        "[1, 2] + [3] == [1, 2, 3] && [1, 2] != [1, 3] && (1, \"a\") == (1, \"a\")",
        "[1, 2, 3, 4][1..3] == [2, 3] && [1, 2, 3][..-1] == [1, 2] && [1, 2, 3][1..] == [2, 3] && [1][1..] == []",
        "[1, 2, 3][0..=1] == [1, 2]",
        "zip([1, 2], [3, 4]) == [(1, 3), (2, 4)] && enumerate([5, 6]) == [(0, 5), (1, 6)] && rev(0..3) == [2, 1, 0]",
        "twice == twice && relu == relu && relu != tanh && same != valid",
    ]);
}

#[test]
fn shapes_are_static() {
    check(&[
        "x.shape == [4] && image.shape[1] == 3 && image.rank == 3 && x.rank == 1",
        "image.channels == 5 && image.height == 2 && image.width == 3",
        "dense(x, image.shape[0] * 8).channels == 16",
    ]);
}

#[test]
fn constants_use_one_another_in_any_order() {
    check(&["TWICE == 6 && WIDTHS == [8, 24, 3]", "dense(x, WIDTHS[0]).shape == [WIDTHS[0]]"]);
}

#[test]
fn branches_and_blocks_are_values() {
    check_after("let a = if BASE > 2 { \"wide\" } else { \"narrow\" };", &["a == \"wide\""]);
    check_after("let a = { let b = 2; let c = { b + 1 }; b * c };", &["a == 6"]);
    check_after("let a = { ; 1 };;", &["a == 1"]);
    check_after("let a = if false { 1 } else if 2 > 1 { 2 } else { 3 };", &["a == 2"]);
}

#[test]
fn loops_take_patterns_apart() {
    let sums = "let mut total = 0; let mut last = 0;
        for (i, (a, [b, _])) in [(0, (1, [2, 9])), (1, (3, [4, 9]))] { total += i * (a + b); last = b; }";
    check_after(sums, &["total == 7", "last == 4"]);
    check_after("let mut n = 0; for i in 0..=3 { for j in 0..i { n += j; } }", &["n == 4"]);
    check_after("let mut n = 0; for (i, w) in enumerate(WIDTHS) { n += i * w; }", &["n == 30"]);
    check_after("let mut n = 0; for (a, b) in zip(WIDTHS, 1..4) { n += a * b; }", &["n == 65"]);
}

#[test]
fn variables_are_assigned_and_shadowed() {
    check_after("let mut a = 1; a = a + 1; a *= 5; a -= 3; a %= 4;", &["a == 3"]);
    check_after("let (mut a, mut b) = (1, 2); (a, b) = (b, a + b); (_, a) = (0, a * 10);", &["a == 20", "b == 3"]);
    check_after("let a = 1; let c = { let a = 2; a }; let a = a + 10;", &["a == 11 && c == 2"]);
    check_after("let mut y = x; for _ in 0..2 { y += dense(y, 4); } let y = concat([y, y]);", &["y.shape == [8]"]);
}

#[test]
fn functions_are_values() {
    check(&[
        "thrice(2) == 6 && 2.thrice() == 6 && power(2, 5) == 32",
        "map([1, 2], twice) == [2, 4] && [1, 2].map(thrice) == [3, 6]",
        "[twice, thrice][1](5) == 15",
        "map([image], flatten)[0].shape == [30]",
    ]);
    check_after("let f = if BASE == 3 { twice } else { thrice };", &["f(4) == 8"]);
    check_after("let mut y = x; for f in [relu, tanh] { y = f(y); }", &["y.shape == [4]"]);
}

#[test]
fn defaults_see_earlier_arguments() {
    check(&[
        "defaults(1) == (1, 2, 3)",
        "defaults(1, 5) == (1, 5, 6)",
        "defaults(c = 0, a = 2) == (2, 4, 0)",
        "defaults(1, c = 9) == (1, 2, 9)",
    ]);
}

#[test]
fn strings_are_formatted() {
    check_after(
        "let i = 2;",
        &[
            "format!(\"block{i}\") == \"block2\"",
            "format!(\"{} of {}: {{{}}}\", i, 1.5, [1, 2]) == \"2 of 1.5: {[1, 2]}\"",
            "format!(\"{n:?}{}\", BASE, n = true) == \"true3\"",
        ],
    );
    let source = "struct N; fn forward(x: [4]) -> [4] {
        let mut y = x;
        for i in 0..2 { y = dense(y, 4, use_bias = false, name = format!(\"stage.{i}\")); }
        y
    }";
    assert_eq!(crate::support::parameter_names(&network(source)), ["stage.0.weight", "stage.1.weight"]);
}

#[test]
fn a_claim_that_does_not_hold_shows_its_values() {
    let found = body("let heads = 3;\nassert!(image.channels % heads == 0 && heads == BASE);");
    assert_eq!(found.len(), 1, "{found:?}");
    let lines: Vec<&str> = found[0].lines().map(str::trim).collect();
    let expected = [
        "13:1 `assert!(image.channels % heads == 0 && heads == BASE)` does not hold",
        "`image.channels` is 5",
        "`heads` is 3",
        "`BASE` is 3",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_claim_may_have_words_of_its_own() {
    let found = body("let heads = 3;\nassert!(x.shape[0] % heads == 0, \"{} is no multiple of {heads}\", x.shape[0]);");
    assert!(found[0].starts_with("13:1 4 is no multiple of 3\n"), "{found:?}");
    for (statement, sentence) in [
        ("assert!(x > 0.0);", "`assert!` is checked while the network is built"),
        ("assert!(3);", "`assert!` needs `true` or `false`, but this is the number 3"),
        ("assert!();", "`assert!` needs a condition"),
        ("assert!(false, \"{}\");", "`{}` in \"{}\" has no value"),
        ("assert!(false, \"{x\");", "a brace of \"{x\" has no partner"),
        ("assert!(false, \"a\", 1);", "\"a\" has fewer `{}` than values: 1 are left over"),
        ("assert!(false, 1);", "a message is a string, but this is the number 1"),
    ] {
        let found = body(statement);
        assert_eq!(found.len(), 1, "{statement}: {found:?}");
        assert!(found[0].contains(sentence), "{statement}: {found:?}");
    }
}

#[test]
fn a_claim_about_a_mistake_is_silent() {
    assert_eq!(body("let a = nothing; assert!(a == 1, \"{}\", a);").len(), 1);
}

#[test]
fn mistakes_in_statics_are_told() {
    for (statement, sentence) in [
        ("let a = [1, 2][2];", "there is no element 2 in a list of 2"),
        ("let a = [1, 2][1..4];", "`1..4` does not lie inside a list of 2"),
        ("let a = [1, 2][0.5];", "an index is a whole number, but this is the number 0.5"),
        ("let a = (1, 2).2;", "there is no `.2` in a tuple of 2"),
        ("let (a, b) = 3;", "this pattern takes 2 values apart, but the value is the number 3"),
        ("let mut a = 1; (a, b) = (1, 2);", "there is no variable `b`"),
        ("let mut a = 1; (a, _) = (1, 2, 3);", "this pattern has 2 names, but there are 3 values"),
        ("for (a, b) in [(1, 2), (3, 4, 5)] { }", "this pattern has 2 names, but there are 3 values"),
        ("let a = [0; 1.5];", "the length of a list is a whole number, but this is the number 1.5"),
        ("let a = 0..2.0;", "a range goes between whole numbers, but this is the number 2.0"),
        ("let a = 0..99999999;", "a range of 99999999 elements is too long"),
        ("let a = 9223372036854775807 + 1;", "this number is too large"),
        ("let a = sqrt(-1);", "`sqrt` of -1.0 is not a finite number"),
        ("let a = len(x);", "`len` is of a list, but this is a tensor"),
        ("let a = 1 + \"a\";", "there is no such operation on the number 1 and the string \"a\""),
        ("let a = power(2, -1);", "`power` calls itself more than 48 times"),
        ("let a = x.size;", "a tensor f32[4] has no `size`"),
        ("let a = x.shape();", "there is no `shape` here"),
        ("if 1 { }", "`if` needs `true` or `false`, but this is the number 1"),
    ] {
        let found = body(statement);
        assert_eq!(found.len(), 1, "{statement}: {found:?}");
        assert!(found[0].contains(sentence), "{statement}: {found:?}");
    }
}

#[test]
fn constants_hold_no_tensors() {
    let found = messages("struct N; const A = [ones([2])]; fn forward(x: [4]) -> [4] { x }");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("1:21 the constant `A` is a tensor, but constants are static values"), "{found:?}");
}
