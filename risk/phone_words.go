package risk

import (
	"slices"
)

// phoneWords and otherWords say before a number what it is.
var phoneWords = []string{
	"call", "phone", "phone number", "tel", "telephone", "mobile", "cell", "cellphone", "text", "sms", "reach me", "reach us", "ring", "txt", "the number is", "my #", "that is me", "call or", "whatsapp", "contact", "contact me", "contact me at", "dial", "my number", "my no", "ph", "mob",
	"mobile number", "cell number", "contact number", "phone no", "wechat", "telegram", "message me", "get me at", "me at", "me on",
	"my cell", "my phone", "my mobile", "is my cell", "is my number", "my line", "direct line", "urgent", "ask for", "打", "打我", "找我", "致电", "call我", "记一下", "电话", "电话号码", "手机", "手机号", "手机号码", "打给", "拨打", "致电", "联系我", "联系方式", "短信", "来电", "座机", "加我", "微信", "我的号码", "我号码",
}

var otherWords = []string{
	"order", "orders", "order number", "tracking", "tracking number", "ref", "reference", "reference number", "account", "account number", "invoice", "sku", "item", "ticket", "case", "case number", "confirmation", "confirmation number",
	"booking", "booking number", "reservation", "serial", "serial number", "model", "code", "zip", "postcode", "waybill", "parcel", "policy", "flight", "id", "id is", "transaction", "isbn", "imei", "coupon", "voucher", "barcode", "upc", "ean", "card", "ending in", "version", "build", "batch", "lot", "member", "membership", "customer number", "pin", "passport", "receipt", "ip", "po", "quote", "claim", "package", "shipment", "username", "user", "delivery number",
	"订单", "订单号", "单号", "运单", "快递", "编号", "流水", "流水号", "发票", "账号", "帐号", "卡号", "票号", "验证码", "尾号", "货号", "型号", "会员", "案件", "工单", "物流", "取件码", "税号", "身份证", "参考号", "交易号", "批次", "条码", "序列号", "款号", "券码", "兑换码", "商品", "邮编", "预订号", "航班", "保单", "版本", "账户", "帐户", "用户", "用户名",
}

var moneyWords = []string{"$", "¥", "€", "£", "usd", "rmb", "cny", "eur", "hkd", "元", "价格", "金额", "总价", "price", "total", "amount"}

var phoneCues = slices.Concat(cuesOf(cuePhone, phoneWords...), cuesOf(cueOther, otherWords...), cuesOf(cueMoney, moneyWords...))
