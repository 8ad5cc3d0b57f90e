package metric

import "math/bits"

// Histogram counts durations in logarithmic buckets: 16 to each power of two,
// those below 16 ms exact. A bucket's middle is within 3.2 % of all in it, so a
// quantile's relative error is at most 5 %. It needs integers only and adds up:
// what is stored is the durations' rows themselves.
type Histogram struct {
	counts []int64
	total  int64
}

const bucketBits = 4

// Bucket is the bucket of a duration in milliseconds.
func Bucket(millis int64) int {
	if millis < 1<<bucketBits {
		return int(max(millis, 0))
	}
	shift := bits.Len64(uint64(millis)) - bucketBits - 1
	return shift<<bucketBits + int(millis>>shift)
}

// bucketMiddle is the middle of a bucket, in milliseconds.
func bucketMiddle(b int) int64 {
	if b < 2<<bucketBits {
		return int64(b)
	}
	shift := b>>bucketBits - 1
	low := int64(b-shift<<bucketBits) << shift
	return low + (int64(1)<<shift-1)/2
}

// Add counts n durations of so many milliseconds, or takes them back.
func (h *Histogram) Add(millis, n int64) {
	b := Bucket(millis)
	for len(h.counts) <= b {
		h.counts = append(h.counts, 0)
	}
	h.counts[b] += n
	h.total += n
}

// AddAll adds other.
func (h *Histogram) AddAll(other *Histogram) {
	for len(h.counts) < len(other.counts) {
		h.counts = append(h.counts, 0)
	}
	for b, n := range other.counts {
		h.counts[b] += n
	}
	h.total += other.total
}

// Total is how many durations are counted.
func (h *Histogram) Total() int64 { return h.total }

// Quantile is the duration, in milliseconds, that the given share of all
// (percent, 1 to 100) does not exceed; false if nothing is counted.
func (h *Histogram) Quantile(percent int64) (int64, bool) {
	if h.total <= 0 {
		return 0, false
	}
	rank := (h.total*percent + 99) / 100 // of the nearest, from 1
	var seen int64
	for b, n := range h.counts {
		if seen += n; seen >= rank {
			return bucketMiddle(b), true
		}
	}
	return 0, false
}
