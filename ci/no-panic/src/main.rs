//! Calls every kernel with inputs the compiler cannot know.

#![no_std]
#![no_main]

mod calls;
mod model;
mod network;

use core::panic::PanicInfo;

unsafe extern "C" {
    fn a_panic_path_is_left() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    // SAFETY: no function of this name exists, so the binary links only if this handler is never reached.
    unsafe { a_panic_path_is_left() }
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    calls::all();
    model::all();
    #[cfg(feature = "panic")]
    assert!(core::hint::black_box(1) == 1);
    loop {}
}
