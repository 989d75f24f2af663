//! The functions of a module, each once and beside those it resembles.
//!
//! The compiler makes a copy of generic code for each type, and many copies come out the same, or nearly
//! so. Equal ones are kept once; those that differ a little compress best when they stand together.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, CustomSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// Bytes in a row that two functions have in common count as a likeness. A short instruction or two:
/// longer pieces miss what brotli finds.
const PIECE: usize = 4;

/// The same module without custom sections, with fewer functions, in an order that compresses well. The same bytes make the same.
pub(super) fn arrange(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = module.to_vec();
    // Functions that call one of two equal functions each may be equal themselves.
    while let Some(fewer) = without_copies(&module)? {
        module = fewer;
    }
    let functions = Functions::of(&module)?;
    let order = by_likeness(&functions.bodies);
    let arranged = functions.placed(&module, &Places::of_order(order))?;
    wasmparser::validate(&arranged).context("the arranged module is not valid")?;
    Ok(arranged)
}

/// None when each function is there once already.
fn without_copies(module: &[u8]) -> Result<Option<Vec<u8>>> {
    let functions = Functions::of(module)?;
    let places = functions.first_of_each();
    if places.order.len() == functions.bodies.len() {
        return Ok(None);
    }
    functions.placed(module, &places).map(Some)
}

/// The functions of a module that it does not import.
struct Functions<'a> {
    imported: u32,
    types: Vec<u32>,
    bodies: Vec<&'a [u8]>,
}

/// Where functions go. Both lists count without what is imported.
struct Places {
    /// Which function stands at each place.
    order: Vec<u32>,
    /// The place of each function, or of the one in its stead.
    place_of: Vec<u32>,
}

impl Places {
    fn of_order(order: Vec<u32>) -> Self {
        let mut place_of = vec![0; order.len()];
        for (place, function) in (0..).zip(&order) {
            place_of[*function as usize] = place;
        }
        Self { order, place_of }
    }
}

impl<'a> Functions<'a> {
    fn of(module: &'a [u8]) -> Result<Self> {
        let mut functions = Self { imported: 0, types: Vec::new(), bodies: Vec::new() };
        for part in Parser::new(0).parse_all(module) {
            match part? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        functions.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(types) => {
                    functions.types = types.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => functions.bodies.push(&module[body.range()]),
                _ => {}
            }
        }
        Ok(functions)
    }

    fn first_of_each(&self) -> Places {
        let mut places = Places { order: Vec::new(), place_of: Vec::new() };
        let mut first = HashMap::new();
        for (function, code) in (0..).zip(self.types.iter().zip(&self.bodies)) {
            let place = *first.entry(code).or_insert_with(|| {
                places.order.push(function);
                places.order.len() - 1
            });
            places.place_of.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        places
    }

    fn placed(&self, module: &[u8], places: &Places) -> Result<Vec<u8>> {
        let mut written = Module::new();
        Placing { functions: self, places }
            .parse_core_module(&mut written, Parser::new(0), module)
            .context("cannot arrange the module")?;
        Ok(written.finish())
    }
}

/// Writes a module with its functions in other places.
struct Placing<'a> {
    functions: &'a Functions<'a>,
    places: &'a Places,
}

impl Reencode for Placing<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        let imported = self.functions.imported;
        Ok(index.checked_sub(imported).map_or(index, |own| imported + self.places.place_of[own as usize]))
    }

    /// Tools read them and browsers do not.
    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        types: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for function in &self.places.order {
            types.function(self.functions.types[*function as usize]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        bodies: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies: Vec<_> = bodies.into_iter().collect::<Result<_, _>>()?;
        for function in &self.places.order {
            self.parse_function_body(code, bodies[*function as usize].clone())?;
        }
        Ok(())
    }
}

/// After each function the one that is most like it, of those that are left; from the largest on.
fn by_likeness(bodies: &[&[u8]]) -> Vec<u32> {
    let pieces: Vec<Vec<&[u8]>> = bodies.iter().map(|body| pieces(body)).collect();
    let mut with_piece: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, pieces) in pieces.iter().enumerate() {
        for piece in pieces {
            with_piece.entry(piece).or_default().push(function);
        }
    }
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|function| Reverse(bodies[*function].len()));
    let mut is_placed = vec![false; bodies.len()];
    let mut in_common = vec![0_usize; bodies.len()];
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = left.first().copied();
    while let Some(last) = next {
        is_placed[last] = true;
        order.push(last);
        in_common.fill(0);
        for function in pieces[last].iter().flat_map(|piece| &with_piece[piece]) {
            in_common[*function] += 1;
        }
        left.retain(|function| !is_placed[*function]);
        // Of what the larger of the two has, in thousandths, so that whole numbers do.
        let likeness = |function: &usize| {
            in_common[*function] * 1_000 / pieces[*function].len().max(pieces[last].len()).max(1)
        };
        // The first of several: `max_by_key` would take the last.
        next = left.iter().copied().min_by_key(|function| Reverse(likeness(function)));
    }
    order.into_iter().map(|function| u32::try_from(function).unwrap_or(u32::MAX)).collect()
}

/// Each piece of a function once.
fn pieces(body: &[u8]) -> Vec<&[u8]> {
    let mut pieces: Vec<&[u8]> = body.windows(PIECE).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, Function, ImportSection, TypeSection, ValType,
    };

    /// Functions without parameters that return a number. The one numbered zero is imported.
    fn module(bodies: &[&dyn Fn(&mut Function)]) -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], [ValType::I32]);
        imports.import("from", "outside", EntityType::Function(0));
        let (mut functions, mut exports, mut code) =
            (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (number, body) in (1..).zip(bodies) {
            functions.function(0);
            exports.export(&format!("f{number}"), ExportKind::Func, number);
            let mut function = Function::new([]);
            body(&mut function);
            function.instructions().end();
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    fn says(number: i32) -> impl Fn(&mut Function) {
        move |function| _ = function.instructions().i32_const(number)
    }

    fn calls(other: u32) -> impl Fn(&mut Function) {
        move |function| _ = function.instructions().call(other)
    }

    /// The place of each function, by the order of the exports.
    fn places(module: &[u8]) -> Vec<u32> {
        let exports = Parser::new(0).parse_all(module).find_map(|part| match part.unwrap() {
            Payload::ExportSection(exports) => Some(exports),
            _ => None,
        });
        exports.unwrap().into_iter().map(|export| export.unwrap().index).collect()
    }

    fn body_of(module: &[u8], place: u32) -> Vec<u8> {
        Functions::of(module).unwrap().bodies[place as usize - 1].to_vec()
    }

    #[test]
    fn equal_functions_are_kept_once_and_still_have_all_their_names() {
        let arranged = arrange(&module(&[&says(7), &says(8), &says(7)])).unwrap();
        let places = places(&arranged);
        assert_eq!(Functions::of(&arranged).unwrap().bodies.len(), 2);
        assert_eq!(places[0], places[2]);
        assert_ne!(places[0], places[1]);
        assert_eq!(body_of(&arranged, places[0]), [0, 0x41, 7, 0x0b]);
        assert_eq!(body_of(&arranged, places[1]), [0, 0x41, 8, 0x0b]);
    }

    #[test]
    fn functions_that_call_equal_ones_are_equal() {
        let arranged = arrange(&module(&[&says(7), &says(7), &calls(1), &calls(2), &calls(4)])).unwrap();
        let places = places(&arranged);
        assert_eq!(Functions::of(&arranged).unwrap().bodies.len(), 3);
        assert_eq!(places[2], places[3]);
        assert_eq!(body_of(&arranged, places[2]), [0, 0x10, u8::try_from(places[0]).unwrap(), 0x0b]);
        assert_eq!(body_of(&arranged, places[4]), [0, 0x10, u8::try_from(places[2]).unwrap(), 0x0b]);
    }

    #[test]
    fn what_is_imported_keeps_its_place() {
        let arranged = arrange(&module(&[&says(1), &calls(0)])).unwrap();
        assert_eq!(body_of(&arranged, places(&arranged)[1]), [0, 0x10, 0, 0x0b]);
    }

    #[test]
    fn functions_stand_beside_those_that_they_resemble() {
        let long = |numbers: &'static [i32]| {
            move |function: &mut Function| {
                for number in numbers {
                    function.instructions().i32_const(*number).drop();
                }
                function.instructions().i32_const(0);
            }
        };
        let (low, high) = (long(&[1, 2, 3, 4, 5]), long(&[61, 62, 63, 60]));
        let (other_low, other_high) = (long(&[2, 3, 4, 5]), long(&[61, 62, 63]));
        let arranged = arrange(&module(&[&low, &high, &other_low, &other_high])).unwrap();
        assert_eq!(places(&arranged), [1, 3, 2, 4], "the largest first, then the most like it");
    }

    #[test]
    fn a_module_without_functions_of_its_own_stays_as_it_is() {
        let empty = module(&[]);
        assert_eq!(arrange(&empty).unwrap(), empty);
    }
}
