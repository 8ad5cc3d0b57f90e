// Package table holds many things by their ids in little memory.
//
// # What it is
//
// A [Table] is a set of pointers to what knows its own id: open addressing with
// linear probing, at most three quarters full. A slot is the pointer and 32 bits
// of the id's hash, 12 bytes; a built-in map repeats the id beside the pointer and
// keeps its tables half empty on average, which took 55 bytes of each of 4,000
// (BenchmarkOpenConversations), and this takes 18.
//
// # Concurrency
//
// None: a table belongs to one goroutine.
//
// # Imports
//
// The standard library.
//
// # Decisions
//
//   - The hashes are seeded anew in each process: who chooses the ids cannot have
//     them fall into the same slots.
//   - A full table is made anew at once, without reading what it points to: 20 ms
//     for two million. A desk with far more would want it in parts.
//   - A large one grows by a quarter, as its slots need not be a power of two. It
//     moves each entry four times instead of once as it fills, and saves a quarter.
//   - What is let go of goes by DeleteFunc alone, which makes the table anew: those
//     who hold such tables sweep them, and nobody deletes one by one.
package table
