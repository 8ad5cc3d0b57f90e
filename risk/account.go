package risk

import "slices"

// A bank account is told by its international number, or by a number with a word before it
// that calls it an account and a bank's name or code beside it.

// ibanLengths are how long the numbers of countries are (ISO 13616).
var ibanLengths = map[[2]byte]int{
	{'a', 'd'}: 24, {'a', 'e'}: 23, {'a', 't'}: 20, {'b', 'e'}: 16, {'b', 'g'}: 22, {'b', 'r'}: 29, {'c', 'h'}: 21, {'c', 'y'}: 28, {'c', 'z'}: 24, {'d', 'e'}: 22, {'d', 'k'}: 18, {'e', 'e'}: 20, {'e', 'g'}: 29, {'e', 's'}: 24, {'f', 'i'}: 18, {'f', 'r'}: 27, {'g', 'b'}: 22, {'g', 'e'}: 22, {'g', 'r'}: 27, {'h', 'r'}: 21, {'h', 'u'}: 28, {'i', 'e'}: 22, {'i', 'l'}: 23, {'i', 's'}: 26, {'i', 't'}: 27, {'j', 'o'}: 30, {'k', 'w'}: 30, {'k', 'z'}: 20, {'l', 'b'}: 28, {'l', 'i'}: 21, {'l', 't'}: 20, {'l', 'u'}: 20, {'l', 'v'}: 21, {'m', 'c'}: 27, {'m', 't'}: 31, {'n', 'l'}: 18, {'n', 'o'}: 15, {'p', 'k'}: 24, {'p', 'l'}: 28, {'p', 't'}: 25, {'q', 'a'}: 29, {'r', 'o'}: 24, {'r', 's'}: 22, {'s', 'a'}: 24, {'s', 'e'}: 24, {'s', 'i'}: 19, {'s', 'k'}: 24, {'s', 'm'}: 27, {'t', 'n'}: 24, {'t', 'r'}: 26, {'u', 'a'}: 29, {'x', 'k'}: 20,
}

const (
	// longestIBAN is how many characters the longest has, and minIBAN how many digits every.
	longestIBAN = 31
	minIBAN     = 10
	// nearAccount is how far from its number a bank's name may stand, in bytes.
	nearAccount = 56
	// rightBefore is how far before it the word that calls it an account does.
	rightBefore = 24
)

// bankAccounts finds numbers of bank accounts.
func bankAccounts(s *scan, v *view, d *detectorRun) {
	if v.digits >= minIBAN && v.kind == plainView {
		internationalAccounts(s, v, d)
	}
	if v.digits < minPhone || !slices.ContainsFunc(s.cues, func(c cueHit) bool { return c.cue == cueBank }) {
		return
	}
	r := &s.row
	r.each(v.buf, minPhone, func() {
		start, end := r.at[0], r.at[r.n-1]+1
		if r.n <= maxCard+1 && !isSequence(r.digits[:r.n]) && !s.spend(32) && isAccount(v.buf, start, end, r.n) {
			s.found(v, d.rule, start, end, nil)
		}
	})
}

// isAccount reports whether what stands around a number of n digits says that it is a bank
// account's.
func isAccount(buf []byte, start, end, n int) bool {
	before := buf[max(0, start-rightBefore):start]
	around := buf[max(0, start-nearAccount):min(len(buf), end+nearAccount)]
	called := holdsWord(before, calledAccount)
	if holdsWord(before, calledOther) || holdsWord(around, sampleWords) {
		return false
	}
	if called && holdsWord(around, bankCodes) {
		return true
	}
	if n < minAccount || !holdsWord(around, bankNames) {
		return false
	}
	return called || n >= 10 && holdsWord(before, bankNames) && holdsWord(around, payNow)
}

// calledAccount are words before a number that call it an account's, calledOther those that
// call it something else.
var (
	calledAccount = []string{"account", "acct", "acc", "a/c", "ac no", "acc no", "acc number", "account no", "account number", "户口", "账号", "账户", "帐号", "帐户", "卡号", "户头", "对公"}
	calledOther   = []string{"order", "ref", "reference", "tracking", "invoice", "ticket", "ending", "订单", "单号", "尾号", "流水", "参考"}
	// bankCodes stand beside an account's number only.
	bankCodes = []string{"ifsc", "bsb", "sort code", "sortcode", "routing", "aba", "swift", "bic", "branch code", "iban", "transit", "局号", "分行", "支行", "开户行", "开户", "户名", "行号", "联行号"}
	bankNames = []string{
		"bank", "hsbc", "chase", "barclays", "lloyds", "natwest", "halifax", "santander", "monzo", "starling", "revolut", "wise", "n26", "wells fargo", "citi", "citibank", "posb", "dbs", "ocbc", "uob", "hdfc", "icici", "sbi", "axis", "kotak", "maybank", "cimb", "commbank", "westpac", "anz", "nab", "bdo", "bpi", "bca", "mandiri", "bni", "kasikorn", "kbank", "scb",
		"银行", "工行", "建行", "农行", "中行", "交行", "招行", "浦发", "平安", "中信", "邮储", "邮局", "民生", "兴业", "光大", "华夏", "广发", "信用社", "农信", "台新", "国泰", "中国信托", "中国信託", "中国信", "玉山", "富邦", "彰化", "合作金库", "合库", "兆丰", "永丰", "新光", "元大", "第一银", "华南银", "土银", "台银", "汇丰", "恒生", "渣打", "中银", "东亚", "花旗", "星展", "华侨", "大华", "储蓄",
	}
	payNow = []string{"a.n", "a/n", "atas nama", "in the name", "account name", "savings", "current acc", "pay", "deposit", "transfer", "send", "wire", "zelle", "remit", "payment", "settle", "转", "打款", "打到", "打这", "打钱", "汇", "付", "存", "收款", "对公", "退您", "定金"}
)

// internationalAccounts finds those that are written in their international form: with
// the right check digits, or with words of paying around.
func internationalAccounts(s *scan, v *view, d *detectorRun) {
	buf := v.buf
	for i := 0; i+4 < len(buf); i++ {
		if !isDigit(buf[i+2]) || !isDigit(buf[i+3]) || !isLetter(buf[i]) || !isLetter(buf[i+1]) || i > 0 && isWord(buf[i-1]) {
			continue
		}
		size := ibanLengths[[2]byte{buf[i], buf[i+1]}]
		if size == 0 {
			continue
		}
		var number [longestIBAN]byte
		n, k, digits := 0, i, 0
		for k < len(buf) && n < size {
			c := buf[k]
			switch {
			case isWord(c):
				number[n] = c
				n++
				if isDigit(c) {
					digits++
				}
			case n > 3 && (c == ' ' || c == '.' || c == '-' || c == '_') && k+1 < len(buf) && isWord(buf[k+1]):
			default:
				size = 0 // ends before it is complete
			}
			k++
		}
		if n != size || digits < minIBAN || k < len(buf) && isWord(buf[k]) || s.spend(4*longestIBAN) {
			continue
		}
		if holdsWord(buf[max(0, i-nearAccount):min(len(buf), k+nearAccount)], sampleWords) {
			continue
		}
		if checksIBAN(number[:n]) || holdsWord(buf[max(0, i-nearAccount):min(len(buf), k+nearAccount)], payIBAN) {
			s.found(v, d.rule, i, k, nil)
			i = k - 1
		}
	}
}

// payIBAN are words around such a number whose check digits are wrong.
var payIBAN = []string{"iban", "bank", "pay", "deposit", "transfer", "send", "wire", "wise", "revolut", "monzo", "n26", "account", "acct", "sepa", "remit", "payment", "off", "discount", "转", "汇", "打款", "付", "账", "帐"}

// sampleWords say that a number only shows what one looks like.
var sampleWords = []string{"sample", "example", "dummy", "specimen", "placeholder", "format", "looks like", "e.g", "for instance", "示例", "样例", "例如", "格式", "比如"}

// checksIBAN reports whether the check digits are right (ISO 7064 MOD 97-10).
func checksIBAN(number []byte) bool {
	sum := 0
	for k := range number {
		switch c := number[(k+4)%len(number)]; {
		case isDigit(c):
			sum = (sum*10 + int(c-'0')) % 97
		default:
			sum = (sum*100 + int(c-'a') + 10) % 97
		}
	}
	return sum == 1
}

// brandedCard reports whether a card's brand stands before a number at start, or behind it
// at end, that begins as that brand's do and is as long.
func brandedCard(buf []byte, start, end int, d []byte) bool {
	var brands []string
	switch {
	case len(d) == 15 && d[0] == '3' && (d[1] == '4' || d[1] == '7'):
		brands = amexNames
	case d[0] == '6' && d[1] == '2' && len(d) >= 16:
		if holdsWord(buf[max(0, start-rightBefore):start], bankNames) {
			return true
		}
		brands = unionNames
	case len(d) != 16:
		return false
	case d[0] == '4':
		brands = visaNames
	case d[0] == '5', d[0] == '2':
		brands = masterNames
	case d[0] == '3':
		brands = jcbNames
	case d[0] == '6':
		brands = unionNames
	}
	return holdsWord(buf[max(0, start-rightBefore):start], brands) || holdsWord(buf[end:min(len(buf), end+rightBefore)], brands)
}

// The names of brands.
var (
	amexNames   = []string{"amex", "american express", "运通"}
	visaNames   = []string{"visa", "维萨"}
	masterNames = []string{"mastercard", "mc", "万事达"}
	jcbNames    = []string{"jcb"}
	unionNames  = []string{"银联", "unionpay", "discover"}
)
