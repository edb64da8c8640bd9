//! Mistakes in a declaration are errors at the wrong token.

#[test]
fn mistakes_are_reported_at_their_token() {
    trybuild::TestCases::new().compile_fail("tests/ui/err/*.rs");
}

#[test]
fn correct_programs_compile() {
    trybuild::TestCases::new().pass("tests/ui/ok/*.rs");
}
