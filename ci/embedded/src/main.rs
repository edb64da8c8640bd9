//! Prints the bits of every loss and probability, on a microcontroller or on the host.

#![cfg_attr(target_os = "none", no_std)]
#![cfg_attr(target_os = "none", no_main)]

mod program;

use program::{Memory, Results};

macro_rules! print_results {
    ($println:path, $results:expr) => {{
        let Results { losses, probabilities } = $results;
        for loss in losses {
            $println!("loss {:08x}", loss.to_bits());
        }
        for probability in probabilities.iter().flatten() {
            $println!("probability {:08x}", probability.to_bits());
        }
    }};
}

#[cfg(not(target_os = "none"))]
fn main() {
    let mut memory = Box::new(Memory::zeroed());
    print_results!(std::println, program::run(&mut memory));
}

#[cfg(target_os = "none")]
mod firmware {
    use super::{Memory, Results, program};
    use core::panic::PanicInfo;

    #[cortex_m_rt::entry]
    fn main() -> ! {
        static mut MEMORY: Memory = Memory::zeroed();
        print_results!(semihosting::println, program::run(MEMORY));
        semihosting::process::exit(0)
    }

    #[panic_handler]
    fn panic(_: &PanicInfo) -> ! {
        semihosting::process::exit(1)
    }
}
