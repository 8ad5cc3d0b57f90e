package risk

import (
	"unicode/utf8"
)

// maxLined is how many bytes a line's part of a number has at most.
const maxLined = 8

// lined writes src into v with blanks for the ends of lines that part the pieces of a
// number, and reports whether there are any. One of the two lines is nothing but a
// piece: a number in every line of a list has words beside it.
func (v *view) lined(src *view) bool {
	v.reset()
	buf, done := src.buf, 0
	for i := 1; i+1 < len(buf); i++ {
		if buf[i] != '\n' {
			continue
		}
		a, b := numeralBefore(buf, i), numeralAfter(buf, i+1)
		if a == i || b == i+1 || a > 0 && buf[a-1] != '\n' && b < len(buf) && buf[b] != '\n' {
			continue
		}
		v.copyRaw(src, done, i)
		v.putFrom(src, ' ', i, i+1)
		done = i + 1
	}
	if done == 0 {
		return false
	}
	v.copyRaw(src, done, len(buf))
	digits := src.digits
	v.inherit(src)
	v.digits, v.foreign, v.classes = digits, src.foreign, src.classes
	return true
}

// numeralBefore is where the piece of a number begins that ends at i, in digits or in
// one word; i if there is none.
func numeralBefore(buf []byte, i int) int {
	a := i
	for a > 0 && i-a <= maxLined && (isDigit(buf[a-1]) || a > 1 && buf[a-1] == '-' && isDigit(buf[a-2])) {
		a--
	}
	if a < i {
		if i-a > maxLined || a > 0 && (isLetter(buf[a-1]) || buf[a-1] == '.' || buf[a-1] == ',' || buf[a-1] == '/') {
			return i
		}
		for a > 0 && (buf[a-1] == '+' || buf[a-1] == '(') {
			a--
		}
		return a
	}
	for a > 0 && i-a <= maxLined && isLetter(buf[a-1]) {
		a--
	}
	if a < i {
		if !beginsNumeral(buf[a:i]) {
			return i
		}
		return a
	}
	return i - hanNumeral(utf8.DecodeLastRune(buf[:i]))
}

// numeralAfter is where the piece of a number ends that begins at i.
func numeralAfter(buf []byte, i int) int {
	b := i
	for b < len(buf) && b-i <= maxLined && (isDigit(buf[b]) || b > i && b+1 < len(buf) && buf[b] == '-' && isDigit(buf[b+1])) {
		b++
	}
	if b > i {
		if b-i > maxLined || b < len(buf) && (isLetter(buf[b]) || b+1 < len(buf) && (buf[b] == '.' || buf[b] == ',' || buf[b] == '/' || buf[b] == ':' || buf[b] == ')')) {
			return i
		}
		return b
	}
	for b < len(buf) && b-i <= maxLined && isLetter(buf[b]) {
		b++
	}
	if b > i {
		if !beginsNumeral(buf[i:b]) {
			return i
		}
		return b
	}
	return i + hanNumeral(utf8.DecodeRune(buf[i:]))
}

// hanNumeral is how long a character is that means a digit or sounds like one, else 0.
func hanNumeral(r rune, n int) int {
	if d, _ := hanDigit(r); d == 0 {
		return 0
	}
	return n
}
