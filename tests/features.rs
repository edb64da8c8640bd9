//! Programs of one feature each, which compile and run: modules of one binary, for speed.

use std::path::Path;

macro_rules! features {
    ($($name:ident)*) => {
        #[path = "ui/ok/features"]
        mod features {
            $(pub mod $name;)*
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];

        mod runs {
            $(
                #[test]
                fn $name() {
                    super::features::$name::main();
                }
            )*
        }
    };
}

features! {
    activations_of_the_prelude
    assert_that_holds
    batch_norm_infers
    binary_target_is_an_index
    block_as_activation
    block_as_value
    block_gives_a_tuple
    broadcasting
    budget_that_is_met
    closed_range
    comparison_of_functions
    compound_assignment
    concat_along_an_axis
    constants_in_any_order
    default_uses_earlier_argument
    derives
    doc_comments_of_functions
    dropout_is_silent_in_forward
    einsum_with_and_without_batch
    else_if
    f32_written
    format_in_names
    frozen_layer
    function_as_argument
    if_without_else
    index_bound_is_an_expression
    index_result
    initialisers
    integer_division
    items_in_any_order
    kept_axes
    layer_norm_without_parameters
    list_arithmetic
    loop_over_functions
    loss_as_a_block
    losses_of_the_prelude
    masks
    matmul_of_matrices
    method_calls
    method_of_a_block
    named_arguments_in_any_order
    nested_patterns
    number_on_the_left
    numbers_through_functions
    own_block_with_a_known_name
    param_alone
    penalty_of_one_layer
    recursion_with_an_end
    reductions
    result_not_declared
    results_as_one_tuple
    scalar_input_and_result
    scan_adds_up
    scan_in_reverse
    scan_with_parameters
    scan_with_two_carries
    sequence_of_labels
    sequential_of_blocks
    several_targets
    shadowing
    shape_functions
    shared_param
    short_circuit
    softmax_along_an_axis
    split_at_positions
    static_and_constant_tensors
    stop_gradient_keeps_the_value
    swapped_variables
    swish_is_silu
    transformer_blocks
    tuple_as_parameter
    tuple_parts
    typed_block_parameter
    wildcards
    zip_and_enumerate
}

#[test]
fn every_file_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/ok/features");
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<String> =
        files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    found.sort_unstable();
    assert_eq!(found, NAMES);
}
