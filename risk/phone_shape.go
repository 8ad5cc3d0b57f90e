package risk

// international reports whether digits begin with a country's code and are as
// many as its numbers have.
func international(d []byte) bool {
	for code := 1; code <= 3 && code < len(d); code++ {
		if n, ok := numberLengths[string(d[:code])]; ok && n[0] <= len(d) && len(d) <= n[1] {
			return true
		}
	}
	return false
}

// numberLengths are how many digits the numbers of large countries have, with the
// country's code.
var numberLengths = map[string][2]int{
	"1": {11, 11}, "7": {11, 11}, "20": {12, 12}, "27": {11, 11}, "31": {11, 11}, "33": {11, 11}, "34": {11, 11}, "39": {11, 12}, "44": {12, 12}, "48": {11, 11}, "49": {10, 13}, "52": {12, 12}, "55": {12, 13}, "60": {11, 12}, "61": {11, 11}, "62": {11, 13}, "63": {12, 12}, "65": {10, 10}, "66": {11, 11}, "81": {11, 12}, "82": {11, 12}, "84": {11, 11}, "86": {13, 13}, "90": {12, 12}, "91": {12, 12}, "852": {11, 11}, "853": {11, 11}, "886": {11, 12}, "966": {12, 12}, "971": {12, 12},
}

// northAmerican reports whether digits and groups look like 415-555-0123 with
// or without a leading 1.
func northAmerican(d []byte, gs []group) numberKind {
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
		if gs[0].len() == 1 && len(gs) > 1 && !allSingle(gs) {
			gs = gs[1:]
		}
	}
	if len(d) != 10 || d[0] < '2' || d[3] < '1' {
		return notPhone
	}
	shape := len(gs) == 1 || allSingle(gs) ||
		len(gs) == 3 && gs[0].len() >= 3 && gs[1].len() == 3 && gs[2].len() == 4 ||
		len(gs) == 2 && (gs[0].len() == 3 || gs[0].len() == 6 || gs[0].len() == 4 && len(d) == 11)
	switch {
	case !shape:
		return notPhone
	case d[0] == '8' && (d[1] == '0' && d[2] == '0' || d[1] == d[2] && d[1] >= '3'), d[0] == '4' && d[1] == '0' && d[2] == '0':
		return hotline
	}
	return phoneNumber
}

// chineseLine reports whether digits and groups look like 010-12345678, with
// an area code and a local number apart.
func chineseLine(d []byte, gs []group) numberKind {
	if len(gs) < 2 || len(gs) > 3 || d[0] != '0' || d[1] == '0' {
		return notPhone
	}
	area := gs[0].len()
	if local := len(d) - area; (area == 3 && local == 8 || area == 4 && (local == 7 || local == 8)) && d[area] >= '2' {
		return phoneNumber
	}
	return notPhone
}

func allSingle(gs []group) bool {
	for _, g := range gs {
		if g.len() != 1 {
			return false
		}
	}
	return len(gs) > 1
}

// isDate reports whether digits look like a date, with or without a time.
func isDate(gs []group, d []byte) bool {
	if len(gs) == 1 {
		return (len(d) == 8 || len(d) == 12 || len(d) == 14) && (d[0] == '2' && d[1] == '0' || d[0] == '1' && d[1] == '9') && d[4] <= '1' && d[6] <= '3'
	}
	if len(gs) < 3 {
		return false
	}
	a, b, c := gs[0].len(), gs[1].len(), gs[2].len()
	if a == 4 && b <= 2 && c <= 2 && (d[0] == '2' || d[0] == '1') {
		return isDay(d[a:a+b], d[a+b:a+b+c])
	}
	if a > 2 || b > 2 || c != 4 && c != 2 || !isDay(d[:a], d[a:a+b]) && (c != 2 || !isDay(d[a:a+b], d[a+b:a+b+c])) {
		return false
	}
	at := a + b + c
	return len(gs) < 5 || gs[3].len() > 2 || gs[4].len() > 2 || !isTooLate(d[at:at+gs[3].len()], d[at+gs[3].len():at+gs[3].len()+gs[4].len()])
}

// isTooLate reports whether two numbers are no hour and minute.
func isTooLate(hour, minute []byte) bool {
	return len(hour) == 2 && string(hour) > "24" || len(minute) == 2 && string(minute) > "59"
}

// isDay reports whether two numbers are a day of a month, in either order.
func isDay(a, b []byte) bool {
	x, y := 0, 0
	for _, c := range a {
		x = x*10 + int(c-'0')
	}
	for _, c := range b {
		y = y*10 + int(c-'0')
	}
	return x <= 31 && y <= 31 && (x <= 12 || y <= 12)
}
