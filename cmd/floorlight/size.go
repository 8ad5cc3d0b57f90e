package main

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// size is a number of bytes.
type size int64

// sizeUnits from the largest.
var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// parseSize reads 10GiB or 512MiB; what does not fit is no size.
func parseSize(text string) (size, bool) {
	for _, u := range sizeUnits {
		number, has := strings.CutSuffix(text, u.name)
		if !has {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.bytes {
			return 0, false
		}
		return size(n * u.bytes), true
	}
	return 0, false
}

// String is the size in the largest unit that gives a whole number; empty for none.
func (s size) String() string {
	if s == 0 {
		return ""
	}
	for _, u := range sizeUnits {
		if int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// decodeSize gathers a bad size as a fault and goes on.
func (l *loader) decodeSize(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("size", &text); err != nil {
		return err
	}
	n, ok := parseSize(text)
	if !ok {
		l.fault(keyOf(ctx.Value.Name), "%q is not a size like 10GiB or 512MiB", text)
	}
	target.SetInt(int64(n))
	return nil
}
