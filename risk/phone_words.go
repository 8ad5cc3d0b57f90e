package risk

import (
	"slices"
)

// phoneWords and otherWords say before a number what it is.
var phoneWords = []string{
	"call", "phone", "phone number", "tel", "telephone", "mobile", "cell", "cellphone", "text", "sms", "reach me", "reach us", "ring", "txt", "the number is", "my #", "that is me", "call or", "whatsapp", "contact", "contact me", "contact me at", "dial", "my number", "my no", "ph", "mob",
	"mobile number", "cell number", "contact number", "phone no", "wechat", "telegram", "message me", "get me at", "me at", "me on",
	"my cell", "my phone", "my mobile", "is my cell", "is my number", "my line", "direct line", "urgent", "ask for",
	"handset", "mera number", "that phone", "that number", "my num", "mi numero", "numero", "meine nummer", "mon numero", "my digits", "digits are", "buzz", "bell me", "ring me", "give me a ring", "hotline", "extension", "landline", "facetime", "imessage", "reached on", "reached at", "reach her", "reach him", "dial me", "phone me", "call me", "calls", "my mob", "private number", "direct number", "new number", "old number", "work number", "home number", "that's me", "thats me", "get hold of me", "me under", "drop me a line", "drop me a message", "my direct", "my personal", "number's", "numbers are", "save my", "jot down", "every digit", "each digit", "write down", "write it down", "note down", "take down",
	"拨", "手提", "手提号", "每位", "每一位数", "每个数字", "致电", "赶紧存", "存一下", "存我", "存下", "先存", "存这个", "存起来", "记下", "记住", "联系号码", "号码是", "的号码", "私人号码", "私人电话", "他的号", "我妈的号", "我爸的号", "我老公的号", "我老婆的号", "我同事的号", "我朋友的号", "她的号", "我的号", "这个号", "新号码", "新号", "专线", "热线", "直线", "固话", "拨通", "呼我", "呼叫", "回电", "去电", "响我", "打过来", "打过去", "直接打", "交个朋友", "联系网点", "联系人", "联系老板", "联系师傅", "联系店长", "直拨", "分机", "通话", "喊我", "叫我", "聊吧", "私聊", "找他", "找她", "约时间", "试试", "小号", "打", "打我", "找我", "致电", "call我", "记一下", "电话", "电话号码", "手机", "手机号", "手机号码", "打给", "拨打", "致电", "联系我", "联系方式", "短信", "来电", "座机", "加我", "微信", "我的号码", "我号码",
}

var otherWords = []string{
	"order", "orders", "order number", "tracking", "tracking number", "ref", "reference", "reference number", "account", "account number", "invoice", "sku", "item", "ticket", "case", "case number", "confirmation", "confirmation number",
	"booking", "booking number", "reservation", "serial", "serial number", "model", "code", "zip", "postcode", "waybill", "parcel", "policy", "flight", "id", "id is", "transaction", "isbn", "imei", "coupon", "voucher", "barcode", "upc", "ean", "card", "ending in", "version", "build", "batch", "lot", "member", "membership", "customer number", "pin", "passport", "receipt", "ip", "po", "quote", "claim", "package", "shipment", "username", "user", "delivery number", "password", "passcode", "key", "licence", "license", "activation", "promo", "session", "token", "wifi", "wi-fi", "part number", "part no", "product", "style", "article", "firmware", "mac", "hash", "docket", "pnr", "awb", "awb no", "oem", "oe number", "train", "consignment", "locker", "gate", "unit", "suite", "apartment", "reorder", "size", "sizes", "colour code", "color code", "asin", "vin", "plate", "vat", "vat number", "tax number", "tax id", "gst", "company number", "registration", "registration number", "article number", "hs code", "pzn",
	"订单", "订单号", "单号", "运单", "快递", "编号", "流水", "流水号", "发票", "账号", "帐号", "卡号", "票号", "验证码", "尾号", "货号", "型号", "会员", "案件", "工单", "物流", "取件码", "税号", "身份证", "参考号", "交易号", "批次", "批号", "条码", "序列号", "款号", "券码", "兑换码", "商品", "邮编", "预订号", "航班", "保单", "版本", "账户", "帐户", "用户", "用户名", "密码", "激活码", "密钥", "口令", "优惠码", "部件号", "零件号", "配件号", "oe号", "配件", "固件", "车牌", "柜号", "箱号", "合同号", "合同", "凭证", "提货码", "核销码", "尺寸", "规格", "参数", "色号", "编码", "代码", "识别码", "产品",
}

// carrierWords are who carries parcels. Their numbers are written in groups, too.
var carrierWords = []string{
	"ups", "fedex", "usps", "dhl", "dpd", "gls", "evri", "hermes", "royal mail", "parcelforce", "ontrac", "lasership", "amazon logistics", "canada post", "australia post", "auspost", "yodel", "tnt", "aramex", "purolator", "la poste", "deutsche post", "colissimo", "correos", "ems", "j&t", "ninja van", "blue dart", "delhivery",
	"顺丰", "中通", "圆通", "申通", "韵达", "极兔", "百世", "德邦", "京东快递", "京东物流", "邮政", "菜鸟", "天天快递", "宅急送", "安能", "丹鸟", "跨越速运", "优速", "黑猫",
}

var moneyWords = []string{"$", "¥", "€", "£", "usd", "rmb", "cny", "eur", "hkd", "元", "价格", "金额", "总价", "price", "total", "amount"}

var phoneCues = slices.Concat(cuesOf(cuePhone, phoneWords...), cuesOf(cuePhone, "area code", "country code"), cuesOf(cueOther, "customer no", "acct", "a/c", "acc no", "ac no", "ifsc", "bsb", "sort code", "iban", "户口", "户头", "局号"), cuesOf(cueOther, otherWords...), cuesOf(cueCarrier, carrierWords...), cuesOf(cueMoney, moneyWords...), cuesOf(cueNothing, "in case", "just in case", "in that case", "in this case", "contact lens", "contact lenses", "contact time", "contact paper", "contact grill", "contact cement", "contact adhesive", "contact cleaner", "phone case", "phone cases", "phone holder", "phone stand", "call it", "ring light", "ring size", "the phone is", "this phone is", "号码牌"))
