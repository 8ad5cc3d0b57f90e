package risk

// soundsOfCharacters are characters by their sound: those that stand in words of
// soundWords, behind a slash common ones that are written for them, and behind an
// exclamation mark ones that hardly stand in a text for themselves.
const soundsOfCharacters = `
	sha=傻杀/沙啥煞!儍 bi=逼闭比币/笔必碧毕壁鼻彼!屄 cha=叉差/茶插查 gua=瓜 zi=子/字籽 huo=货/祸 cao=操/草曹糙槽艹!肏艸鄵 ni=你/尼拟妮泥伱!沵祢
	ma=妈码/马麻玛骂蚂!犸 ta=他她/塔它 de=的/得地 qu=去/取 si=死私/思丝斯撕亖司!歹 quan=全痊/权圈 jia=家加/佳嘉夹咖!伽茄 nong=弄 da=打达/大 zheng=整证/正征郑
	gan=干/赶!幹 kan=砍 le=了 gun=滚/棍!辊磙 dan=蛋/单旦丹!疍 kai=开 yuan=远/圆 dian=点电/店典 kuai=快 gei=给 wo=我 zhi=智支治/芝吱之枝制质痔!彶攴 zhang=障账/杖帐胀张仗涨 nao=脑孬/恼闹 can=残/惨餐
	tan=瘫 ruo=弱/若 bai=白百/拜败 chi=痴吃/池尺迟翅 fei=废费肥飞/非肺 wu=物无五/误勿务 la=垃/辣拉啦 ji=圾机/鸡寄级极 ren=人/仁忍!亽 ke=客/刻 hu=户/虎 jian=贱/剑件建见箭践 fan=犯返/反饭翻
	biao=婊/表标 chou=臭 wang=王/忘旺汪 ba=八吧/巴爸 hun=混/浑昏魂 chu=畜/处 sheng=生/牲 gou=狗/苟勾够 dong=东 xi=西系/息 ri=日!曰 niang=娘 yang=养/羊样 shi=屎式是/使史士 pi=屁批/皮劈
	zhu=猪/朱株诸 tou=头 shen=神/甚 jing=经/精净 bing=病/冰饼 you=有友/又 zui=嘴/最醉 xiang=翔/祥 fang=放方/房 za=杂/砸 zhong=种众/重肿中 zha=渣/扎炸 chun=蠢/春纯 er=二儿/贰耳 zhuang=装/壮庄 qiong=穷/琼
	po=泼/坡婆 fu=付妇/富负副复府夫!忖 bian=变便 tai=态台泰/太抬胎 mai=卖/麦 bu=不 yao=要 lian=脸联/连莲链 gui=鬼龟/贵 pang=胖 sun=孙/损 lao=老 duan=断 jue=绝/决 diu=丢 diao=屌/吊叼鸟
	bao=宝包保报/饱苞堡爆抱豹!寳 wei=微/威薇维徽卫危为围唯魏喂!溦巍葳崴嶶㣲 xin=信/芯心新欣星辛!伩訫 yin=银音/因引印 hang=行/航杭 ka=卡/咖 zhuan=转赚/专砖传撰 hong=红/洪虹宏鸿 fa=发/法 shou=收手/守首受 kuan=款/宽!歀
	xian=现线险/先限献鲜仙县 jin=金/今斤进 hui=汇/会惠 qian=钱/前潜 xia=下/夏 ping=平评/苹萍凭 wai=外/歪 yan=验/严言烟 mi=密/蜜米 li=礼/里理 pin=品 xu=续/序 ya=押/压 te=特 hua=话/画花化 sao=扫 ge=个 hao=号好/浩 dao=到/倒道 yi=宜易/以意 pian=骗/偏片
	dou=抖/豆斗 xiao=小效/肖晓笑!傚 shu=书/薯叔熟 gong=公工/攻宫 qi=企/气 e=鹅额/鹤!蛾 kou=扣/口抠叩蔻寇 liao=聊/撩辽 fen=分/粉份 gen=根/跟 yu=愈/玉 wen=稳/问文 pei=赔/陪配 ling=零/灵!〇 feng=风/疯凤 tui=退/腿!迯 ben=本/笨!夲 guo=过/果 xing=星/行型 nai=奶/乃 tuo=脱/托 jie=姐/解 zong=宗/总 zu=祖/组 du=犊/读独毒 guang=光 niu=牛 jiao=交/叫教脚 jiu=就
`

// soundsOfSigns are pictures by what they are called.
const soundsOfSigns = `
	🐴🐎🦄=ma 🐶🐕🐩=gou 🐷🐖🐽=zhu 🐢=gui 🥚🍳=dan 💩=shi 💀☠=si 🐓=ji 🧠=nao 🌿🌱☘=cao 👄💋=zui 🎳=gun 🎱=ba 🏦=yin+hang 🧧=hong+bao 📞☎=dian+hua 📱=shou+ji 💳=yin+hang+ka 💰💵💴💶=qian ♥❤💖💗💓=xin 🐧=qi+e ✈🛩=fei+ji ₿=bi+te+bi 🚮🗑=la+ji 👻=gui 🐮🐄=niu 📈=zhang 💯=bai+fen+bai 📕=shu 🅱=bi 😗😘=si 🛡🎒👜👝=bao 🏠🏡=jia ➕=jia ☀🌞=ri ✉📧📩📨=xin 🌟⭐=xing 🔪=dao 🐂=niu 🐔=ji 🐭=shu 👂=er 🧴=yao
`

// soundsOfParts are characters that are written as their two parts.
const soundsOfParts = `
	女马=ma 女且=jie 亻言=xin 訁亻=xin 亻訁=xin 禾中=zhong 歹戋=can 亻尔=ni 口巴=ba 扌丁=da 讠正=zheng 车专=zhuan 车戋=jian 纟工=hong 贝戋=jian 犭句=gou 犭者=zhu 犭苟=gou 氵衮=gun 女表=biao 亻呆=bao 讠平=ping 疒丙=bing 疒知=chi 疒只=zhi 亻寸=fu 讠寸=fu 扌呆=cao 扌桑=cao 尸米=shi 尸比=pi 氵皮=po 扌彐=sao 钅戋=qian 金戋=qian 钅艮=yin 彳亍=hang 石马=ma 虫马=ma 贝长=zhang 氵匚=hui 马扁=pian 马佥=yan 纟戋=xian 月台=tai 月囟=nao 犬句=gou 矢豆=duan 广付=fu 户月=fang 王旦=dan 禾口=he 扌斗=dou 讠舌=hua 言舌=hua 耳关=lian 口加=jia 力口=jia 亻本=ti 辶艮=tui 冫台=zhi 氵台=zhi 木艮=gen 禾急=wen 饣包=bao 金艮=yin 木几=ji 弓长=zhang 月巴=fei
`

// soundWords are words that are hidden so. What is wrong with them is for the
// rules to say.
const soundWords = `
	傻逼 傻叉 傻货 傻瓜 操你 操你妈 操你全家 你妈 你妈的 你妈死 你妈逼 他妈的 她妈的 妈的 妈逼 妈卖批 去你妈 去你妈的 日你 日你妈 干你 干你娘 你娘 去死 去死吧 你去死 死全家 全家死 你全家 全家死光了 弄死你 打死你 整死你 干死你 砍死你 杀了你 滚蛋 滚开 滚远点 快滚 给我滚 智障 脑残 脑瘫 弱智 白痴 废物 垃圾人 垃圾客户 贱人 贱货 贱种 犯贱 婊子 臭婊子 王八 王八蛋 混蛋 畜生 狗东西 狗日的 狗娘养 狗娘养的 狗屎 狗屁 猪头 猪脑 死猪 蠢猪 神经病 有病 有病吧 脑子有病 滚犊子 闭嘴 吃屎 吃翔 放屁 杂种 孬种 人渣 蠢货 蠢蛋 二逼 装逼 穷逼 泼妇 变态 死变态 不要脸 臭不要脸 死胖子 肥猪 龟孙 龟儿子 老不死 丢你妈 屌你妈 种货 骗子 死骗子 你奶奶 祖宗 你是猪 你就是猪
	密码 卡密码 私下交易 私下付款 私下转账 转账到我卡 转账到我 微信转钱 个人卡 收款 支付 交保证金
	支付宝 微信转账 微信红包 银行卡 转账 转账给我 转给我 转到我卡 打给我 打到我卡 打到我 红包 发红包 红包给我 收款码 收钱码 付款码 付款 现金 现金给我 汇款 打款 打钱 转钱 转我 私下 私下转 私转 线下 线下付款 平台外 验证码 验证码发我 支付密码 密码发我 密码给我 卡密 点卡 礼品卡 保证金 手续费 押金 西联汇款 比特币 泰达币 话费 返现 扫码付款 扫我的码 扫我 私人 私人卡 个人账户 卡号 账号 我卡
	微信 微信号 加我微信 加微信 加我 电话 手机号 手机号码 联系我 联系方式 加好友 好友 抖音 抖音号 小红书 公众号 企鹅号 扣扣 电报 飞机号 私聊 私聊我 私信我 打电话 私下聊 线下聊 平台外聊
	百分百 保证 包治百病 根治 治愈 稳赚 稳赚不赔 零风险 退款 全额退款 百分百退款 百分百有效 百分百治愈 保证有效 保证退款 保本 好评返现 五星好评返现 好评 包退 痊愈 断根 包过 保过 差评 无效退款
`

// What nobody hides who means no harm, by whose business it is.
var (
	spokenMessengers = []string{"微信", "加微", "加我", "电话", "手机号", "联系方式", "好友", "抖音", "小红书", "公众号", "企鹅号", "扣扣", "电报", "飞机号", "私聊", "私信我", "联系我"}
	spokenPayments   = []string{"支付宝", "银行卡", "转账", "转给我", "打给我", "打到我卡", "红包", "收款", "付款码", "汇款", "打款", "打钱", "转钱", "转我", "私转", "线下付款", "平台外", "验证码", "密码", "卡密", "礼品卡", "西联汇款", "比特币", "泰达币", "返现", "扫我", "私人卡", "个人卡", "卡号", "现金", "私下交易", "私下付款"}
	spokenAbuse      = []string{"傻瓜", "你妈", "妈的", "智障", "脑残", "白痴", "废物", "贱人", "贱种", "王八", "畜生", "猪头", "猪脑", "神经病", "闭嘴", "放屁", "狗屁", "变态", "泼妇", "装逼", "骗子", "祖宗", "种货", "有病吧", "垃圾人", "你全家", "吃翔", "滚犊子", "去死", "脑瘫"}
)
