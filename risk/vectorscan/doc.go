// Package vectorscan binds as much of the library Vectorscan as the benchmarks of
// package risk need to stand beside it. It is empty unless the build tag
// vectorscan is set, and then needs cgo and Debian's libvectorscan-dev:
//
//	go test -tags vectorscan -run xxx -bench LargeVectorscan ./risk
//
// A Database never changes and a Scanner is for one goroutine at a time; both hold
// memory of the library's until Close. The package imports nothing of ours, and
// nothing but benchmarks may import it.
//
// # Decisions
//
// The product does not use it: for a message it takes as long as the engine, 1.16
// times at the median and 0.63 times in the slowest hundredth
// (BenchmarkLargeVectorscan), and says nothing about disguises, offsets in the text as
// sent, or numbers; and it would make cgo and a C++ library part of every build.
package vectorscan
