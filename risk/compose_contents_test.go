package risk_test

import "strings"

// content is what is offended with, and the sentences in which it stands.
type content struct {
	contents, carriers []string
	flagged            bool // the rules only flag it
}

func lines(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

// phoneCarriers are sentences that give somebody a number.
var phoneCarriers = lines(`
call me at %
my number is %
% is my number, call any time
you can reach me on % after six
phone: %
ok so text % and ask for Ben
It's faster by phone, %.
"%" is my mobile
save my number % please
mobile % (Anna)
I'm on the road, ring % instead
打我电话%
我的手机号是%
%是我手机，随时打
您记一下：%
电话 % 找王经理
加急的话打%给我
我号码「%」
方便的话拨%，我帮您处理
联系方式：%，谢谢
`)

// contents are the kinds of offences.
var contents = map[string]content{
	"phone": {carriers: phoneCarriers, contents: lines(`
13812345678
138 1234 5679
189-6532-1170
+86 139 1122 3344
17701862235
198 0312 7746
15921437788
415-555-2671
(212) 555-0147
646 555 0183
+1 305 555 0199
3125550164
07700 900461
+44 7911 123456
020 7946 0958
+852 9123 4567
+65 9123 4567
0912-345-678
+886 912 345 678
0412 345 678
+61 412 345 679
98765 43210
+91 98765 43211
+49 151 23456789
06 12 34 56 78
+33 6 12 34 56 79
090-1234-5678
+81 90 1234 5679
010-2345-6789
+82 10 2345 6780
(11) 91234-5678
+55 11 91234 5679
+7 916 123-45-67
+971 50 123 4567
0917 123 4567
0812 3456 7890
+84 91 234 56 78
+60 12 345 6789
+34 612 345 678
+39 347 123 4567
010-62345678
021-58881234`)},
	"email": {carriers: lines(`
write to me at %
my email is %
% is my private address
send it to % and I'll look at it tonight
mail: %
better: %.
"%" works best for me
the photos please to
%
发到我邮箱%
我的邮箱是%
%，发这里就行
有问题写信到%给我
邮箱「%」
资料请发%，谢谢`), contents: lines(`
lily.chen@gmail.com
joe88@hotmail.com
wang_li@163.com
12345678@qq.com
anna@annas-shop.de
b.okafor@outlook.com
support2@yahoo.co.uk
maria@icloud.com
hans.meier@gmx.de
info@haohuo.cn
kim@naver.com
xiaoyu@126.com
t.nguyen@proton.me
sales@bluekettle.shop
rossi@libero.it
lee.min@foxmail.com
zhou@vip.sina.com
pat@mail.ru`)},
	"link": {flagged: true, carriers: lines(`
look at %
it's cheaper on %
% has the same shoes
go to % and order there
our other shop: %
order here "%"
the shop is % ok
官网 % 更便宜
去%下单
%有一样的
您打开%看看
网址「%」
我们自己的店：%
浏览器输入%，直接买`), contents: lines(`
www.bluekettle.com
haohuo.cn
cheapshoes.shop
https://deals4u.net/a
bestprice.vip
myoutlet.store
topbags.xyz
kingtea.com.cn
example-sale.top
tea-house.co.uk
quickbuy.io
lady-dress.club
sneakers.ru
mydeal.online
hongyun.cc
goods365.net
super-discount.org`)},
	"handle": {carriers: lines(`
%
add me: %
my %
you can find me, %
better on %
let's talk there, %
I'm not here later. %
please use my %
"%" is mine
加我%
我的%
%，加我聊
这边不方便，%
可以加%，给您优惠
有事找我：%
「%」是我的`), contents: lines(`
wechat id lily_chen88
WeChat: bosschen2024
whatsapp id lenny_77
telegram @yoyo_shoes
instagram: luna.closet_9
snapchat ben_o_44
line id: mei2020x
skype id live_anna99
viber id nick_4432
kakaotalk id minjun_cs1
zalo id thao_8899
discord id gamer_5566
facebook id marie_deals7
signal username jo_smith.21
微信 lily_chen88
微信号：wang2024yu
微信号是 dalong_168
QQ号 998877665
qq: 1234567890
抖音号 meimei8899
小红书号 xhs_998877`)},
	"card": {carriers: lines(`
my card is %
pay to % please
send it to card %
%, that is my card
"%" is the card number
the account: %
我的银行卡%
转到卡号%
打款到%，谢谢
卡号「%」
%是我的卡`), contents: lines(`
4111 1111 1111 1111
5425233430109903
6222 0212 3456 7894
4012-8888-8888-1881
378282246310005
6011111111111117
5105 1051 0510 5100
6212261000012345673
3530111333300000
6217 0012 1002 4455 469`)},
	"person": {carriers: lines(`
my id is %
the number on my card: %
身份证号%
我的身份证是%
%，这是我身份证
身份证：%，麻烦查一下
证件号「%」`), contents: lines(`
11010519491231002X
440308199901010012
500101198506154338
320502198802293011
510107197506302412`)},
	"abuse": {carriers: lines(`
you are such a %
listen, %!
% that's what you are
what a %.
oh come on you %, read it again
"%", that's my answer`), contents: lines(`
idiot
moron
asshole
bitch
bastard
dickhead
dumbass
retard
motherfucker
piece of shit
son of a bitch
stupid cow`)},
	"abuse_zh": {carriers: lines(`
你就是个%
%，说你呢
你这个%
真是%一个
你%啊
我看你是%吧`), contents: lines(`
傻逼
白痴
王八蛋
脑残
智障
贱人
畜生
废物
蠢货
神经病
狗东西
操你妈`)},
	"payment": {carriers: lines(`
% and I'll ship it today
please %
just %, it's cheaper
you can %.
it's easier if you %`), contents: lines(`
pay me directly
pay me by paypal friends and family
transfer to my bank account
send the money by western union
pay outside the platform
pay me with gift cards
venmo me the money
send bitcoin to my wallet
zelle me the rest
pay in cash to me`)},
	"payment_zh": {carriers: lines(`
%，给您便宜点
您%就行
麻烦%，今天就发
不走平台，%
可以%，省手续费`), contents: lines(`
直接转账给我
支付宝转给我
微信转账给我
私下转账
发红包给我
打我银行卡
扫我的收款码
加微信付款
线下付款给我`)},
}
